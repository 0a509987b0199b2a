-- Generated from ingestion/forms/bieu_11.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.org_code,
  rows_read.org_name,
  rows_read.case_kind as case_kind_code,
  rows_read.org_type as org_type_code,
  rows_read.stopped_since,
  rows_read.obstacle as obstacle_code,
  rows_read.stage as stage_code,
  rows_read.plan_symbol,
  rows_read.deadline_on,
  rows_read.debt_vnd,
  rows_read.undivided_assets_vnd
from {{ source('raw', 'bieu_11') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
