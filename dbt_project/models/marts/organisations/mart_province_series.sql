{{ config(post_hook=["{{ create_indicator_restated() }}"]) }}

with valued as (
  {{ indicator_values() }}
),

reported as (
  select
    province_key,
    period_code,
    indicator_code,
    form,
    org_type_code,
    sector_code,
    sum(numerator) as numerator,
    sum(denominator) as denominator
  from valued
  where is_current
  group by province_key, period_code, indicator_code, form, org_type_code, sector_code
),

-- The reporting provinces of a figure: the province itself; or, on the map of 34, its predecessors.
places as (
  select
    'as_reported' as basis,
    province_key as part_key,
    province_key,
    province_map
  from {{ ref('dim_province') }}

  union all

  select
    'restated_34' as basis,
    province_key as part_key,
    coalesce(successor_province_key, province_key) as province_key,
    province_map
  from {{ ref('dim_province') }}
),

parts as (
  select
    basis,
    province_key,
    province_map,
    count(*) as expected_province_count
  from places
  group by basis, province_key, province_map
),

sent as (
  select
    places.basis,
    places.province_key,
    recorded.period_code,
    recorded.form,
    count(distinct recorded.province_key) as reporting_province_count
  from {{ ref('fct_submission_form') }} as recorded
  inner join places on recorded.province_key = places.part_key
  where recorded.is_current
  group by places.basis, places.province_key, recorded.period_code, recorded.form
),

placed as (
  select
    places.basis,
    places.province_key,
    places.province_map,
    reported.period_code,
    reported.indicator_code,
    reported.form,
    reported.org_type_code,
    reported.sector_code,
    sum(reported.numerator) as numerator,
    sum(reported.denominator) as denominator
  from reported
  inner join places on reported.province_key = places.part_key
  group by
    places.basis,
    places.province_key,
    places.province_map,
    reported.period_code,
    reported.indicator_code,
    reported.form,
    reported.org_type_code,
    reported.sector_code
)

select
  md5(concat_ws(
    '|',
    placed.basis,
    placed.province_key,
    placed.period_code,
    placed.indicator_code,
    coalesce(placed.org_type_code, '∅'),
    placed.sector_code
  )) as series_key,
  placed.basis,
  placed.province_key,
  coalesce(version.province_name, province.province_name) as province_name,
  placed.period_code,
  period.period_type,
  period.ends_on as period_ends_on,
  placed.indicator_code,
  indicator.authority as authority_code,
  placed.org_type_code,
  placed.sector_code,
  try_cast(
    case when placed.denominator is null then placed.numerator
      else placed.numerator / nullif(placed.denominator, 0) end
    as decimal(28, 6)
  ) as indicator_value,
  indicator.unit,
  indicator.additivity,
  placed.denominator is not null as is_made_from_parts,
  sent.reporting_province_count,
  parts.expected_province_count,
  sent.reporting_province_count = parts.expected_province_count as is_complete
from placed
inner join {{ ref('dim_indicator') }} as indicator on placed.indicator_code = indicator.indicator_code
inner join {{ ref('dim_period') }} as period on placed.period_code = period.period_code
inner join {{ ref('dim_province') }} as province on placed.province_key = province.province_key
left join {{ ref('dim_province_version') }} as version
  on
    placed.basis = 'as_reported'
    and placed.province_key = version.province_key
    and {{ is_valid_on('version', 'period.ends_on') }}
inner join parts
  on
    placed.basis = parts.basis
    and placed.province_key = parts.province_key
    and placed.province_map = parts.province_map
inner join sent
  on
    placed.basis = sent.basis
    and placed.province_key = sent.province_key
    and placed.period_code = sent.period_code
    and placed.form = sent.form
