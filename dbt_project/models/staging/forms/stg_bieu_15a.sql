-- Generated from ingestion/forms/bieu_15a.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.alliance_name,
  rows_read.charter_approved_on,
  rows_read.charter_decision_number,
  rows_read.staff_quota_count,
  rows_read.staff_count,
  rows_read.contract_staff_count,
  rows_read.female_staff_count,
  rows_read.budget_planned_vnd,
  rows_read.budget_spent_vnd,
  rows_read.member_organisation_count,
  rows_read.organisation_due_count,
  rows_read.organisation_reported_count,
  rows_read.organisation_in_time_count
from {{ source('raw', 'bieu_15a') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
