-- Generated from ingestion/forms/bieu_10.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.indicator as indicator_code,
  rows_read.org_type as org_type_code,
  rows_read.sector as sector_code,
  rows_read.target_year,
  rows_read.bound as bound_code,
  rows_read.target_value,
  rows_read.target_value_max,
  rows_read.target_unit as target_unit_code,
  rows_read.document_symbol,
  rows_read.stated_actual,
  rows_read.stated_attainment_pct
from {{ source('raw', 'bieu_10') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
