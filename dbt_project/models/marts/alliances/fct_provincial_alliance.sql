with ranged as (
  {{ recorded_ranges(ref('int_bieu_15a_recorded'), key=['province_key', 'period_code']) }}
)

select
  ranged.row_id,
  ranged.alliance_name,
  'LM-' || ranged.province_key as unit_key,
  ranged.province_key,
  ranged.period_code,
  ranged.charter_approved_on,
  ranged.charter_decision_number,
  ranged.staff_quota_count,
  ranged.staff_count,
  ranged.contract_staff_count,
  ranged.female_staff_count,
  ranged.budget_planned_vnd,
  ranged.budget_spent_vnd,
  ranged.member_organisation_count,
  ranged.organisation_due_count,
  ranged.organisation_reported_count,
  ranged.organisation_in_time_count,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
