-- How many provinces of the map valid at a period's end have a current, accepted BIEU_01 for it.
with maps as (
  select
    province_map,
    min(valid_from) as valid_from,
    min(valid_to) as valid_to,
    count(*) as province_count
  from {{ ref('int_province') }}
  group by province_map
),

reported as (
  select
    period_code,
    count(distinct province_key) as reported_count
  from {{ ref('int_submission_form_recorded') }}
  where
    is_current
    and form = 'BIEU_01'
  group by period_code
)

select
  period.period_code,
  maps.province_map,
  maps.province_count as provinces_expected_count,
  coalesce(reported.reported_count, 0) as provinces_reported_count,
  cast(coalesce(reported.reported_count, 0) as decimal(12, 6)) / maps.province_count as coverage_share
from {{ ref('int_period') }} as period
inner join maps
  on
    {{ is_valid_on('maps', 'period.ends_on') }}
left join reported on period.period_code = reported.period_code
