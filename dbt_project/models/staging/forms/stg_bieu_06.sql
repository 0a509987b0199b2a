-- Generated from ingestion/forms/bieu_06.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.course_code,
  rows_read.course_name,
  rows_read.topic as topic_code,
  rows_read.audience as audience_code,
  rows_read.organiser_name,
  rows_read.started_on,
  rows_read.ended_on,
  rows_read.hour_count,
  rows_read.participant_count,
  rows_read.female_count,
  rows_read.ethnic_minority_count,
  rows_read.state_funding_vnd,
  rows_read.other_funding_vnd
from {{ source('raw', 'bieu_06') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
