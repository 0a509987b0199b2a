with placed as (
  select
    attained.*,
    -- Of reports that end on one day, that of the shortest period is the most recent.
    row_number() over (
      partition by attained.plan_target_key, attained.province_key
      order by attained.as_of_on desc, period.month_count asc
    ) = 1 as is_latest,
    period.name_vi as period_name_vi,
    count(*) filter (where attained.attainment_status = 'attained' and attained.scope_code = 'each_province') over (
      partition by attained.plan_target_key, attained.period_code
    ) as provinces_attained_count
  from {{ ref('fct_plan_attainment') }} as attained
  inner join {{ ref('dim_period') }} as period on attained.period_code = period.period_code
)

select
  placed.plan_attainment_key,
  target.document_symbol,
  target.issuer_name,
  target.name_vi as target_name_vi,
  placed.target_id,
  placed.scope_code,
  placed.province_key,
  coalesce(province.province_name, 'Cả nước') as geography_name_vi,
  placed.indicator_code,
  indicator.name_vi as indicator_name_vi,
  placed.org_type_code,
  placed.sector_code,
  placed.horizon_year,
  placed.period_code,
  placed.period_name_vi,
  placed.as_of_on,
  placed.is_latest,
  placed.bound_code,
  placed.target_value,
  placed.target_value_max,
  placed.unit,
  placed.actual_value,
  placed.actual_source_code,
  placed.attainment_pct,
  placed.remaining_value,
  placed.attainment_status,
  placed.not_comparable_reason,
  placed.is_complete,
  placed.provinces_reported_count,
  placed.provinces_expected_count,
  case when placed.scope_code = 'each_province' then placed.provinces_attained_count end as provinces_attained_count,
  target.stated_actual_value,
  target.stated_attainment_pct,
  target.base_text,
  target.ambiguity_text,
  target.source_line_number
from placed
inner join {{ ref('fct_plan_target') }} as target
  on placed.plan_target_key = target.plan_target_key and target.is_current
inner join {{ ref('dim_indicator') }} as indicator on placed.indicator_code = indicator.indicator_code
left join {{ ref('dim_province') }} as province on placed.province_key = province.province_key
