-- Generated from ingestion/forms/bieu_07c.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.visit_code,
  rows_read.expert_id as expert_key,
  rows_read.expert_kind as expert_kind_code,
  rows_read.partner_code,
  rows_read.country_name,
  rows_read.expert_field as expert_field_code,
  rows_read.host_name,
  rows_read.started_on,
  rows_read.ended_on
from {{ source('raw', 'bieu_07c') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
