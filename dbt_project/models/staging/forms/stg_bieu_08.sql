-- Generated from ingestion/forms/bieu_08.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.model_code,
  rows_read.org_code,
  rows_read.org_name,
  rows_read.org_type as org_type_code,
  rows_read.sector as sector_code,
  rows_read.model_kind as model_kind_code,
  rows_read.product_names,
  rows_read.partner_name,
  rows_read.standard_name,
  rows_read.ocop_star_count,
  rows_read.area_ha,
  rows_read.started_on,
  rows_read.support_vnd,
  rows_read.model_status as model_status_code
from {{ source('raw', 'bieu_08') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
