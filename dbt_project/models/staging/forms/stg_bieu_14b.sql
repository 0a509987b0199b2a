-- Generated from ingestion/forms/bieu_14b.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.case_code,
  rows_read.case_kind as case_kind_code,
  rows_read.org_code,
  rows_read.topic as topic_code,
  rows_read.received_on,
  rows_read.body_name,
  rows_read.case_status as case_status_code,
  rows_read.resolved_on
from {{ source('raw', 'bieu_14b') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
