-- Reports of several periods may state one course: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_06_recorded'), key=['province_key', 'course_code']) }}
)

select
  ranged.row_id,
  ranged.course_code,
  ranged.province_key,
  ranged.period_code,
  ranged.course_name,
  ranged.topic_code,
  ranged.audience_code,
  ranged.organiser_name,
  ranged.started_on,
  ranged.ended_on,
  ranged.hour_count,
  ranged.participant_count,
  ranged.female_count,
  ranged.ethnic_minority_count,
  ranged.state_funding_vnd,
  ranged.other_funding_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
