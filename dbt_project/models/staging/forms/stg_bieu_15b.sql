-- Generated from ingestion/forms/bieu_15b.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.org_code,
  rows_read.org_name,
  rows_read.alliance_level as alliance_level_code,
  rows_read.membership_kind as membership_kind_code,
  rows_read.joined_on,
  rows_read.left_on
from {{ source('raw', 'bieu_15b') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
