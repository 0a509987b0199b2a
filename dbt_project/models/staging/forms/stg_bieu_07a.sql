-- Generated from ingestion/forms/bieu_07a.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.partner_code,
  rows_read.partner_name,
  rows_read.partner_kind as partner_kind_code,
  rows_read.country_name,
  rows_read.partner_since_year,
  rows_read.membership_kind as membership_kind_code,
  rows_read.member_from_year,
  rows_read.member_to_year
from {{ source('raw', 'bieu_07a') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
