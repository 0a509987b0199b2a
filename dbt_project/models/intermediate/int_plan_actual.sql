-- Actual values of plan indicators: flows from the start of a year to the end of a period, stocks at its end, as
-- measured from the current reports and as provinces state them. Months, quarters, half-years and years are separate
-- series: a flow sums the reports of one kind, with the number of reports present and expected.
with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

funds as (
  select *
  from {{ ref('int_bieu_04a_recorded') }}
  where is_current
),

participants as (
  select *
  from {{ ref('int_bieu_05b_recorded') }}
  where is_current
),

courses as (
  select *
  from {{ ref('int_bieu_06_recorded') }}
  where is_current
),

models as (
  select *
  from {{ ref('int_bieu_08_recorded') }}
  where is_current
),

stated as (
  select *
  from {{ ref('int_bieu_10_recorded') }}
  where is_current
),

sector_groups (sector_code) as (
  values ('total'), ('agriculture'), ('non_agriculture')
),

-- Every current statement of a form, and the place of its period among those of its kind within the year.
sent as (
  select
    recorded.form,
    recorded.province_key,
    recorded.period_code,
    period.period_type,
    period.year_number,
    period.starts_on,
    period.ends_on,
    (extract(month from period.starts_on) - 1) // period.month_count + 1 as expected_statement_count,
    count(*) over (
      partition by recorded.form, recorded.province_key, period.period_type, period.year_number
      order by period.starts_on
    ) as statement_count
  from {{ ref('int_submission_form_recorded') }} as recorded
  inner join {{ ref('int_period') }} as period on recorded.period_code = period.period_code
  where recorded.is_current
),

organisations as (
  select
    counted.province_key,
    counted.period_code,
    counted.org_type_code,
    sector_groups.sector_code,
    sum(counted.founded_count) as founded_count,
    sum(counted.dissolved_count) as dissolved_count,
    sum(counted.closing_count) as closing_count,
    sum(counted.member_count) as member_count
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join sector_groups
    on
      sector_groups.sector_code = 'total'
      or sector_groups.sector_code
      = case when counted.sector_code = 'agriculture' then 'agriculture' else 'non_agriculture' end
  where sector.level = 'leaf'
  group by counted.province_key, counted.period_code, counted.org_type_code, sector_groups.sector_code
),

organisations_to_date as (
  select
    sent.*,
    organisations.org_type_code,
    organisations.sector_code,
    organisations.closing_count,
    organisations.member_count,
    sum(organisations.founded_count) over year_so_far as founded_count,
    sum(organisations.dissolved_count) over year_so_far as dissolved_count
  from organisations
  inner join sent
    on
      sent.form = 'BIEU_01'
      and organisations.province_key = sent.province_key
      and organisations.period_code = sent.period_code
  window year_so_far as (
    partition by
      sent.province_key, sent.period_type, sent.year_number, organisations.org_type_code, organisations.sector_code
    order by sent.starts_on
  )
),

-- A province whose form lists no fund has a charter capital of zero.
fund_capital as (
  select
    sent.province_key,
    sent.period_code,
    coalesce(sum(funds.charter_registered_vnd), 0) as charter_registered_vnd
  from sent
  left join funds
    on
      sent.province_key = funds.province_key
      and sent.period_code = funds.period_code
  where sent.form = 'BIEU_04A'
  group by sent.province_key, sent.period_code
),

fairs as (
  select
    province_key,
    fair_code,
    min(period_ends_on) as first_listed_on
  from participants
  group by province_key, fair_code
),

fairs_to_date as (
  select
    sent.province_key,
    sent.period_code,
    sent.statement_count,
    sent.expected_statement_count,
    count(fairs.fair_code) as fair_count
  from sent
  left join fairs
    on
      sent.province_key = fairs.province_key
      and extract(year from fairs.first_listed_on) = sent.year_number
      and fairs.first_listed_on <= sent.ends_on
  where sent.form = 'BIEU_05B'
  group by sent.province_key, sent.period_code, sent.statement_count, sent.expected_statement_count
),

latest_courses as (
  select
    *,
    min(period_ends_on) over (partition by province_key, course_code) as first_listed_on
  from courses
  qualify row_number() over (
    partition by province_key, course_code
    order by period_ends_on desc, row_number asc, row_id asc
  ) = 1
),

trained_to_date as (
  select
    sent.province_key,
    sent.period_code,
    sent.statement_count,
    sent.expected_statement_count,
    coalesce(sum(course.participant_count), 0) as participant_count
  from sent
  left join latest_courses as course
    on
      sent.province_key = course.province_key
      and extract(year from course.ended_on) = sent.year_number
      and course.ended_on <= sent.ends_on
      and course.first_listed_on <= sent.ends_on
  where sent.form = 'BIEU_06'
  group by sent.province_key, sent.period_code, sent.statement_count, sent.expected_statement_count
),

-- Models are a list at period end: one report covers the whole year.
models_at_end as (
  select
    sent.province_key,
    sent.period_code,
    organisation_type.code as org_type_code,
    sector_groups.sector_code,
    count(models.model_code) filter (
      where models.model_kind_code = 'hitech' and extract(year from models.started_on) = sent.year_number
    ) as hitech_begun_count,
    count(models.model_code) filter (
      where models.model_kind_code = 'value_chain' and extract(year from models.started_on) = sent.year_number
    ) as value_chain_begun_count,
    count(distinct models.org_code) filter (
      where models.model_kind_code = 'hitech' and models.model_status_code <> 'ended'
    ) as hitech_organisation_count
  from sent
  cross join {{ ref('organisation_types') }} as organisation_type
  cross join sector_groups
  left join models
    on
      sent.province_key = models.province_key
      and sent.period_code = models.period_code
      and models.org_type_code = organisation_type.code
      and (
        sector_groups.sector_code = 'total'
        or sector_groups.sector_code
        = case when models.sector_code = 'agriculture' then 'agriculture' else 'non_agriculture' end
      )
  where sent.form = 'BIEU_08'
  group by sent.province_key, sent.period_code, organisation_type.code, sector_groups.sector_code
),

measured as (
  {% for indicator, measure, is_flow in [
    ('founded', 'founded_count', true),
    ('dissolved', 'dissolved_count', true),
    ('stock', 'closing_count', false),
    ('members', 'member_count', false),
  ] %}
  select
    '{{ indicator }}' as indicator_code,
    org_type_code,
    sector_code,
    province_key,
    period_code,
    {{ measure }} as actual_value,
    {{ 'statement_count' if is_flow else '1' }} as statement_count,
    {{ 'expected_statement_count' if is_flow else '1' }} as expected_statement_count
  from organisations_to_date

  union all

  {% endfor %}
  {% for indicator, measure in [
    ('models_hitech', 'hitech_begun_count'),
    ('models_value_chain', 'value_chain_begun_count'),
    ('stock_hitech', 'hitech_organisation_count'),
  ] %}
  select
    '{{ indicator }}' as indicator_code,
    org_type_code,
    sector_code,
    province_key,
    period_code,
    {{ measure }} as actual_value,
    1 as statement_count,
    1 as expected_statement_count
  from models_at_end

  union all

  {% endfor %}
  select
    'fund_charter_capital' as indicator_code,
    cast(null as varchar) as org_type_code,
    'total' as sector_code,
    province_key,
    period_code,
    charter_registered_vnd as actual_value,
    1 as statement_count,
    1 as expected_statement_count
  from fund_capital

  union all

  select
    'fairs_attended' as indicator_code,
    cast(null as varchar) as org_type_code,
    'total' as sector_code,
    province_key,
    period_code,
    fair_count as actual_value,
    statement_count,
    expected_statement_count
  from fairs_to_date

  union all

  select
    'trained' as indicator_code,
    cast(null as varchar) as org_type_code,
    'total' as sector_code,
    province_key,
    period_code,
    participant_count as actual_value,
    statement_count,
    expected_statement_count
  from trained_to_date
),

actuals as (
  select
    indicator_code,
    org_type_code,
    sector_code,
    province_key,
    period_code,
    'measured' as source_code,
    cast(actual_value as decimal(28, 6)) as actual_value,
    statement_count >= expected_statement_count as is_complete
  from measured

  union all

  select
    indicator_code,
    org_type_code,
    coalesce(sector_code, 'total') as sector_code,
    province_key,
    period_code,
    'stated' as source_code,
    cast(stated_actual * {{ target_factor('target_unit_code') }} as decimal(28, 6))
      as actual_value,
    true as is_complete
  from stated
  where
    stated_actual is not null
    and extract(year from period_starts_on) = target_year
  -- A sheet may state a target twice: once for all sectors by name, once without a sector.
  qualify row_number() over (
    partition by indicator_code, org_type_code, coalesce(sector_code, 'total'), province_key, period_code
    order by row_number, row_id
  ) = 1
)

select
  md5(concat_ws(
    '|', indicator_code, coalesce(org_type_code, ''), sector_code, province_key, period_code, source_code
  )) as plan_actual_id,
  actuals.*
from actuals
