with courses as (
  select
    *,
    cast(extract(year from ended_on) as integer) as year_number
  from {{ ref('fct_training_course') }}
  where is_current
),

yearly as (
  select
    province_key,
    year_number,
    audience_code,
    count(*) as course_count,
    sum(participant_count) as participant_count,
    sum(female_count) as female_count,
    sum(participant_count) filter (where female_count is not null) as participant_count_by_sex,
    sum(ethnic_minority_count) as ethnic_minority_count,
    sum(hour_count) as hour_count,
    sum(cast(participant_count as hugeint) * hour_count) as participant_hour_count,
    sum(state_funding_vnd) as state_funding_vnd,
    sum(other_funding_vnd) as other_funding_vnd
  from courses
  group by province_key, year_number, audience_code
)

select
  md5(yearly.province_key || '|' || yearly.year_number || '|' || yearly.audience_code) as training_key,
  yearly.province_key,
  province.province_name,
  yearly.year_number,
  yearly.audience_code,
  audience.name_vi as audience_name_vi,
  yearly.course_count,
  cast(yearly.participant_count as bigint) as participant_count,
  cast(yearly.female_count as bigint) as female_count,
  {{ percentage('yearly.female_count', 'yearly.participant_count_by_sex') }} as female_share_pct,
  cast(yearly.ethnic_minority_count as bigint) as ethnic_minority_count,
  cast(yearly.hour_count as bigint) as hour_count,
  try_cast(yearly.participant_hour_count as bigint) as participant_hour_count,
  cast(yearly.state_funding_vnd as decimal(24, 0)) as state_funding_vnd,
  cast(yearly.other_funding_vnd as decimal(24, 0)) as other_funding_vnd,
  cast(year_before.participant_count as bigint) as previous_year_participant_count,
  {{ percentage('yearly.participant_count - year_before.participant_count', 'year_before.participant_count') }}
    as participant_growth_pct
from yearly
inner join {{ ref('dim_province') }} as province on yearly.province_key = province.province_key
inner join {{ ref('dim_code_value') }} as audience
  on
    audience.list_code = 'training_audience'
    and yearly.audience_code = audience.value_code
left join yearly as year_before
  on
    yearly.province_key = year_before.province_key
    and yearly.audience_code = year_before.audience_code
    and yearly.year_number = year_before.year_number + 1
