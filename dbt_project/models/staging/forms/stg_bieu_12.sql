-- Generated from ingestion/forms/bieu_12.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.need_code,
  rows_read.org_code,
  rows_read.need_kind as need_kind_code,
  rows_read.topic as topic_code,
  rows_read.content,
  rows_read.raised_on,
  rows_read.addressed_to as addressed_to_code,
  rows_read.need_status as need_status_code,
  rows_read.answered_on,
  rows_read.answer_text
from {{ source('raw', 'bieu_12') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
