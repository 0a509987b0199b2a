-- Generated from ingestion/forms/bieu_14c.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.award_code,
  rows_read.award_kind as award_kind_code,
  rows_read.recipient_kind as recipient_kind_code,
  rows_read.org_code,
  rows_read.awarded_on,
  rows_read.decision_number,
  rows_read.issuer_name
from {{ source('raw', 'bieu_14c') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
