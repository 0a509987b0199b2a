-- Generated from ingestion/forms/bieu_14a.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.inspection_code,
  rows_read.inspection_kind as inspection_kind_code,
  rows_read.inspection_basis as inspection_basis_code,
  rows_read.org_code,
  rows_read.unit_name,
  rows_read.started_on,
  rows_read.ended_on,
  rows_read.finding_count,
  rows_read.recommendation_count,
  rows_read.recovery_vnd,
  rows_read.inspection_status as inspection_status_code
from {{ source('raw', 'bieu_14a') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
