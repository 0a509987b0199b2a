-- Generated from ingestion/forms/bieu_07b.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.event_code,
  rows_read.event_name,
  rows_read.event_kind as event_kind_code,
  rows_read.partner_code,
  rows_read.country_name,
  rows_read.purpose,
  rows_read.started_on,
  rows_read.ended_on,
  rows_read.person_count,
  rows_read.female_count,
  rows_read.beneficiary_group as beneficiary_group_code,
  rows_read.partner_funding_vnd,
  rows_read.own_funding_vnd
from {{ source('raw', 'bieu_07b') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
