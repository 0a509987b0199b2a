with stated as (
  {{ recorded_rows(ref('stg_bieu_06')) }}
),

-- Reports of several periods may state one course; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, course_code
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.course_code,
  ranked.province_key,
  ranked.period_code,
  ranked.course_name,
  ranked.topic_code,
  ranked.audience_code,
  ranked.organiser_name,
  ranked.started_on,
  ranked.ended_on,
  ranked.hour_count,
  ranked.participant_count,
  ranked.female_count,
  ranked.ethnic_minority_count,
  ranked.state_funding_vnd,
  ranked.other_funding_vnd,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
