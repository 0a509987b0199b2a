with stated as (
  {{ recorded_rows(ref('stg_bieu_15a')) }}
)

select
  stated.row_id,
  stated.alliance_name,
  'LM-' || stated.province_key as unit_key,
  stated.province_key,
  stated.period_code,
  stated.charter_approved_on,
  stated.charter_decision_number,
  stated.staff_quota_count,
  stated.staff_count,
  stated.contract_staff_count,
  stated.female_staff_count,
  stated.budget_planned_vnd,
  stated.budget_spent_vnd,
  stated.member_organisation_count,
  stated.organisation_due_count,
  stated.organisation_reported_count,
  stated.organisation_in_time_count,
  stated.revision,
  stated.recorded_from,
  stated.recorded_to,
  stated.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
