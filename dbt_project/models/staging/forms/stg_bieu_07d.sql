-- Generated from ingestion/forms/bieu_07d.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.contract_code,
  rows_read.contract_kind as contract_kind_code,
  rows_read.partner_code,
  rows_read.partner_name,
  rows_read.org_code,
  rows_read.subject,
  rows_read.signed_on,
  rows_read.valid_until,
  rows_read.area_ha,
  rows_read.value_vnd
from {{ source('raw', 'bieu_07d') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
