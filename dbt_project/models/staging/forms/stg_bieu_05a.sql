-- Generated from ingestion/forms/bieu_05a.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.fair_code,
  rows_read.fair_name,
  rows_read.place,
  rows_read.started_on,
  rows_read.ended_on,
  rows_read.booth_count,
  rows_read.cooperative_participant_count,
  rows_read.other_participant_count,
  rows_read.visitor_count,
  rows_read.contract_count,
  rows_read.contract_value_vnd
from {{ source('raw', 'bieu_05a') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
