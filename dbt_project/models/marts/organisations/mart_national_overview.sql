{% set due_measures = {
  'founded_at_due_count': 'founded', 'dissolved_at_due_count': 'dissolved', 'closing_at_due_count': 'stock',
  'operating_at_due_count': 'stock_operating',
} %}
with by_group as (
  select
    counted.period_code,
    counted.org_type_code,
    sector.sector_group,
    sum(counted.opening_count) as opening_count,
    sum(counted.founded_count) as founded_count,
    sum(counted.converted_in_count) as converted_in_count,
    sum(counted.dissolved_count) as dissolved_count,
    sum(counted.converted_out_count) as converted_out_count,
    sum(counted.closing_count) as closing_count,
    sum(counted.operating_count) as operating_count,
    sum(counted.stopped_count) as stopped_count,
    sum(counted.member_count) as member_count,
    sum(counted.worker_count) as worker_count
  from {{ ref('fct_organisation_count') }} as counted
  inner join {{ ref('dim_sector') }} as sector on counted.sector_code = sector.sector_code
  where counted.is_current
  group by counted.period_code, counted.org_type_code, sector.sector_group
),

grouped as (
  select * from by_group

  union all

  select
    period_code,
    org_type_code,
    'total' as sector_group,
    sum(opening_count) as opening_count,
    sum(founded_count) as founded_count,
    sum(converted_in_count) as converted_in_count,
    sum(dissolved_count) as dissolved_count,
    sum(converted_out_count) as converted_out_count,
    sum(closing_count) as closing_count,
    sum(operating_count) as operating_count,
    sum(stopped_count) as stopped_count,
    sum(member_count) as member_count,
    sum(worker_count) as worker_count
  from by_group
  group by period_code, org_type_code
),

-- The same sums as of the due day, and the number of days on which they changed.
vintages as (
  select
    series.period_code,
    series.org_type_code,
    series.sector_code,
    min(series.vintage_on) as first_vintage_on,
    max(series.vintage_on) as vintage_on,
    count(distinct series.vintage_on) as vintage_count,
    {% for column, indicator in due_measures.items() -%}
    max_by(series.indicator_value, series.vintage_on) filter (
      where series.indicator_code = '{{ indicator }}' and series.vintage_on <= period.cut_off_on
    ) as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
  from {{ ref('mart_national_series') }} as series
  inner join {{ ref('dim_measure') }} as measure
    on
      series.indicator_code = measure.indicator_code
      and measure.table_name = 'fct_organisation_count'
  inner join {{ ref('dim_period') }} as period on series.period_code = period.period_code
  where series.source_kind = 'provincial_reports'
  group by series.period_code, series.org_type_code, series.sector_code
)

select
  md5(grouped.period_code || '|' || grouped.org_type_code || '|' || grouped.sector_group) as overview_key,
  grouped.period_code,
  period.name_vi as period_name_vi,
  grouped.org_type_code,
  organisation_type.name_vi as org_type_name_vi,
  grouped.sector_group,
  cast(grouped.opening_count as bigint) as opening_count,
  cast(grouped.founded_count as bigint) as founded_count,
  cast(grouped.converted_in_count as bigint) as converted_in_count,
  cast(grouped.dissolved_count as bigint) as dissolved_count,
  cast(grouped.converted_out_count as bigint) as converted_out_count,
  cast(grouped.closing_count as bigint) as closing_count,
  cast(grouped.operating_count as bigint) as operating_count,
  cast(grouped.stopped_count as bigint) as stopped_count,
  cast(grouped.member_count as bigint) as member_count,
  cast(grouped.worker_count as bigint) as worker_count,
  'VCA' as authority_code,
  vintages.first_vintage_on,
  vintages.vintage_on,
  vintages.vintage_count,
  {% for column in due_measures -%}
  cast(vintages.{{ column }} as bigint) as {{ column }},
  {% endfor -%}
  coverage.provinces_reported_count,
  coverage.provinces_expected_count,
  coverage.provinces_reported_count = coverage.provinces_expected_count as is_complete
from grouped
inner join {{ ref('dim_period') }} as period on grouped.period_code = period.period_code
inner join {{ ref('dim_organisation_type') }} as organisation_type
  on grouped.org_type_code = organisation_type.org_type_code
inner join {{ ref('fct_period_coverage') }} as coverage on grouped.period_code = coverage.period_code
inner join vintages
  on
    grouped.period_code = vintages.period_code
    and grouped.org_type_code = vintages.org_type_code
    and grouped.sector_group = vintages.sector_code
