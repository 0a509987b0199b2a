-- Generated from ingestion/forms/bieu_01.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.org_type as org_type_code,
  rows_read.sector as sector_code,
  rows_read.opening_count,
  rows_read.founded_count,
  rows_read.converted_in_count,
  rows_read.dissolved_count,
  rows_read.converted_out_count,
  rows_read.closing_count,
  rows_read.operating_count,
  rows_read.stopped_count,
  rows_read.member_count,
  rows_read.worker_count
from {{ source('raw', 'bieu_01') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
