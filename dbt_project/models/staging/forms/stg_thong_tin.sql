-- Generated from ingestion/forms/thong_tin.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.province_code,
  rows_read.province_name,
  rows_read.approved_on,
  rows_read.signer_title,
  rows_read.template_version
from {{ source('raw', 'thong_tin') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
