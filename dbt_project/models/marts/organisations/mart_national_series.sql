-- National figures by authority and vintage. Sums of the provinces' reports have a vintage for every day in Vietnam on
-- which they changed; published figures have the vintages they were published in.
with valued as (
  {{ indicator_values() }}
),

-- A statement adds its value on the day it becomes known and subtracts it on the day it is superseded.
changes as (
  select
    indicator_code,
    form,
    org_type_code,
    sector_code,
    period_code,
    {{ vietnam_day('recorded_from') }} as vintage_on,
    numerator,
    denominator
  from valued
  where coalesce(recorded_to, timestamp 'infinity') > recorded_from

  union all

  select
    indicator_code,
    form,
    org_type_code,
    sector_code,
    period_code,
    {{ vietnam_day('recorded_to') }} as vintage_on,
    -numerator as numerator,
    -denominator as denominator
  from valued
  where recorded_to > recorded_from
),

sent as (
  select
    form,
    period_code,
    {{ vietnam_day('recorded_from') }} as vintage_on,
    1 as province_count
  from {{ ref('fct_submission_form') }}
  where coalesce(recorded_to, timestamp 'infinity') > recorded_from

  union all

  select
    form,
    period_code,
    {{ vietnam_day('recorded_to') }} as vintage_on,
    -1 as province_count
  from {{ ref('fct_submission_form') }}
  where recorded_to > recorded_from
),

days as (
  select
    form,
    period_code,
    vintage_on
  from sent

  union

  select
    form,
    period_code,
    vintage_on
  from changes
),

coverage as (
  select
    days.form,
    days.period_code,
    days.vintage_on,
    sum(coalesce(sent.province_count, 0)) as province_count_change
  from days
  left join sent
    on
      days.form = sent.form
      and days.period_code = sent.period_code
      and days.vintage_on = sent.vintage_on
  group by days.form, days.period_code, days.vintage_on
),

series as (
  select distinct
    indicator_code,
    form,
    org_type_code,
    sector_code,
    period_code
  from valued
),

changed as (
  select
    indicator_code,
    org_type_code,
    sector_code,
    period_code,
    vintage_on,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    count(denominator) > 0 as is_ratio
  from changes
  group by indicator_code, org_type_code, sector_code, period_code, vintage_on
),

summed as (
  select
    series.indicator_code,
    series.org_type_code,
    series.sector_code,
    series.period_code,
    coverage.vintage_on,
    sum(coverage.province_count_change) over running as provinces_reported_count,
    sum(coalesce(changed.numerator, 0)) over running as numerator,
    sum(coalesce(changed.denominator, 0)) over running as denominator,
    bool_or(coalesce(changed.is_ratio, false)) over running as is_ratio,
    count(changed.vintage_on) over running > 0 as is_stated
  from series
  inner join coverage
    on
      series.form = coverage.form
      and series.period_code = coverage.period_code
  left join changed
    on
      series.indicator_code = changed.indicator_code
      and series.org_type_code is not distinct from changed.org_type_code
      and series.sector_code = changed.sector_code
      and series.period_code = changed.period_code
      and coverage.vintage_on = changed.vintage_on
  window running as (
    partition by series.indicator_code, series.org_type_code, series.sector_code, series.period_code
    order by coverage.vintage_on
  )
),

reported as (
  select
    *,
    try_cast(
      case when is_ratio then numerator / nullif(denominator, 0) else numerator end as decimal(28, 6)
    ) as indicator_value
  from summed
  where is_stated
),

vintages as (
  select *
  from reported
  window vintage as (partition by indicator_code, org_type_code, sector_code, period_code order by vintage_on)
  qualify
    lag(provinces_reported_count) over vintage is null
    or indicator_value is distinct from lag(indicator_value) over vintage
    or provinces_reported_count <> lag(provinces_reported_count) over vintage
),

stated as (
  select
    vintages.indicator_code,
    'provincial_reports' as source_kind,
    vintages.org_type_code,
    vintages.sector_code,
    vintages.period_code,
    period.ends_on as as_of_on,
    cast(vintages.vintage_on as varchar) as vintage,
    vintages.vintage_on,
    vintages.indicator_value,
    'exact' as qualifier,
    'actual' as figure_status,
    cast(vintages.provinces_reported_count as bigint) as provinces_reported_count,
    coverage.provinces_expected_count,
    true as is_confirmed,
    cast(null as varchar) as source_note
  from vintages
  inner join {{ ref('dim_period') }} as period on vintages.period_code = period.period_code
  inner join {{ ref('fct_period_coverage') }} as coverage on vintages.period_code = coverage.period_code

  union all

  select
    published.indicator_code,
    'published' as source_kind,
    published.org_type_code,
    published.sector_code,
    published.period_code,
    published.as_of_on,
    published.vintage,
    published.published_on as vintage_on,
    published.published_value as indicator_value,
    published.qualifier,
    published.figure_status,
    cast(null as bigint) as provinces_reported_count,
    cast(null as bigint) as provinces_expected_count,
    published.is_confirmed,
    published.source_note
  from {{ ref('fct_published_figure') }} as published
)

select
  md5(concat_ws(
    '|',
    stated.source_kind,
    stated.indicator_code,
    coalesce(stated.org_type_code, '∅'),
    stated.sector_code,
    coalesce(stated.period_code, '∅'),
    stated.as_of_on,
    stated.vintage
  )) as vintage_key,
  stated.indicator_code,
  indicator.concept_code,
  indicator.name_vi as indicator_name_vi,
  indicator.authority as authority_code,
  authority.name_vi as authority_name_vi,
  stated.source_kind,
  stated.org_type_code,
  stated.sector_code,
  stated.period_code,
  stated.as_of_on,
  stated.vintage,
  stated.vintage_on,
  row_number() over (
    partition by
      stated.source_kind, stated.indicator_code, stated.org_type_code, stated.sector_code, stated.period_code,
      stated.as_of_on
    order by stated.vintage_on desc nulls last, stated.vintage desc
  ) = 1 as is_latest,
  stated.indicator_value,
  indicator.unit,
  stated.qualifier,
  stated.figure_status,
  stated.provinces_reported_count,
  stated.provinces_expected_count,
  stated.provinces_reported_count = stated.provinces_expected_count as is_complete,
  stated.is_confirmed,
  indicator.definition_vi,
  stated.source_note
from stated
inner join {{ ref('dim_indicator') }} as indicator on stated.indicator_code = indicator.indicator_code
inner join {{ ref('dim_authority') }} as authority on indicator.authority = authority.authority_code
