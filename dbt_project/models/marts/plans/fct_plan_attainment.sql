-- Targets compared with actual values, at the end of every period with current reports.
with targets as (
  select *
  from {{ ref('fct_plan_target') }}
  where is_current
),

-- Values measured from the reports are preferred to those a province states.
actuals as (
  select *
  from {{ ref('int_plan_actual') }}
  qualify row_number() over (
    partition by indicator_code, org_type_code, sector_code, province_key, period_code
    order by case source_code when 'measured' then 1 else 2 end
  ) = 1
),

as_of as (
  select
    period.period_code,
    period.starts_on,
    period.ends_on,
    period.year_number,
    coverage.provinces_expected_count
  from {{ ref('dim_period') }} as period
  inner join {{ ref('int_period_coverage') }} as coverage on period.period_code = coverage.period_code
  where period.period_code in (select actuals.period_code from actuals)
),

-- A yearly target is compared with the periods of its year; one for a later date, or for none, with every period
-- since its document.
due as (
  select
    targets.*,
    as_of.period_code as as_of_period_code,
    as_of.ends_on as as_of_on,
    as_of.provinces_expected_count as map_province_count,
    coalesce(targets.sector_code, 'total') as measured_sector_code
  from targets
  inner join as_of
    on
      case targets.horizon_kind_code
        when 'by_end' then as_of.year_number <= targets.horizon_year and as_of.ends_on >= targets.issued_on
        when 'not_stated' then as_of.ends_on >= targets.issued_on
        else as_of.year_number = targets.horizon_year
      end
),

national as (
  select
    indicator_code,
    org_type_code,
    sector_code,
    period_code,
    cast(sum(actual_value) as decimal(28, 6)) as actual_value,
    count(*) as provinces_reported_count,
    count(*) filter (where is_complete) as provinces_complete_count,
    case when bool_and(source_code = 'measured') then 'measured' else 'stated' end as source_code
  from actuals
  group by indicator_code, org_type_code, sector_code, period_code
),

of_the_nation as (
  select
    due.*,
    cast(null as varchar) as unit_province_key,
    due.map_province_count as provinces_expected_count,
    national.actual_value,
    national.source_code,
    coalesce(national.provinces_reported_count, 0) as provinces_reported_count,
    coalesce(national.provinces_complete_count, 0) as provinces_complete_count
  from due
  left join national
    on
      due.indicator_code = national.indicator_code
      and due.org_type_code is not distinct from national.org_type_code
      and due.measured_sector_code = national.sector_code
      and due.as_of_period_code = national.period_code
  where due.scope_code = 'national'
),

of_provinces as (
  select
    due.*,
    province.province_key as unit_province_key,
    1 as provinces_expected_count,
    actuals.actual_value,
    actuals.source_code,
    case when actuals.province_key is not null then 1 else 0 end as provinces_reported_count,
    case when actuals.is_complete then 1 else 0 end as provinces_complete_count
  from due
  inner join {{ ref('int_province') }} as province
    on
      case due.scope_code
        when 'each_province' then {{ is_valid_on('province', 'due.as_of_on') }}
        else province.province_key = due.province_key
      end
  left join actuals
    on
      due.indicator_code = actuals.indicator_code
      and due.org_type_code is not distinct from actuals.org_type_code
      and due.measured_sector_code = actuals.sector_code
      and due.as_of_period_code = actuals.period_code
      and province.province_key = actuals.province_key
  where due.scope_code in ('each_province', 'one_province')
),

compared as (
  select * from of_the_nation
  union all
  select * from of_provinces
),

judged as (
  select
    compared.*,
    case
      when compared.horizon_kind_code = 'not_stated' then 'Văn bản không nêu thời hạn của chỉ tiêu.'
      when compared.is_relative and compared.base_value is null then 'Văn bản không nêu số gốc để so sánh.'
      when compared.unit <> indicator.unit then 'Đơn vị tính của chỉ tiêu khác đơn vị của số liệu.'
      when compared.scope_code = 'national' and indicator.additivity = 'non_additive'
        then 'Tỷ lệ của các tỉnh không cộng được thành số của cả nước.'
      when compared.actual_value is null then 'Chưa có số liệu thực hiện của kỳ này.'
      when compared.target_value = 0 then 'Chỉ tiêu bằng 0 nên không tính được tỷ lệ.'
    end as not_comparable_reason,
    compared.provinces_complete_count = compared.provinces_expected_count as is_complete,
    case compared.bound_code
      when 'above' then compared.actual_value > compared.target_value
      when 'at_most' then compared.actual_value <= compared.target_value
      else compared.actual_value >= compared.target_value
    end as is_bound_met,
    compared.as_of_on >= cast(compared.horizon_year || '-12-31' as date) as is_horizon_over
  from compared
  inner join {{ ref('dim_indicator') }} as indicator on compared.indicator_code = indicator.indicator_code
)

select
  md5(plan_target_key || '|' || coalesce(unit_province_key, 'VN') || '|' || as_of_period_code) as plan_attainment_key,
  plan_target_key,
  target_id,
  unit_province_key as province_key,
  as_of_period_code as period_code,
  as_of_on,
  indicator_code,
  org_type_code,
  sector_code,
  scope_code,
  horizon_year,
  bound_code,
  target_value,
  target_value_max,
  unit,
  case when not_comparable_reason is null then actual_value end as actual_value,
  case when not_comparable_reason is null then source_code end as actual_source_code,
  case when not_comparable_reason is null then try_cast(100 * actual_value / target_value as decimal(18, 6)) end
    as attainment_pct,
  case
    when not_comparable_reason is null and bound_code <> 'at_most'
      then cast(greatest(target_value - actual_value, 0) as decimal(28, 6))
  end as remaining_value,
  case
    when not_comparable_reason is not null then 'not_comparable'
    when is_bound_met and (bound_code <> 'at_most' or is_horizon_over) then 'attained'
    when not is_complete then 'incomplete'
    when is_horizon_over then 'not_attained'
    else 'in_progress'
  end as attainment_status,
  not_comparable_reason,
  is_complete,
  cast(provinces_reported_count as bigint) as provinces_reported_count,
  cast(provinces_complete_count as bigint) as provinces_complete_count,
  cast(provinces_expected_count as bigint) as provinces_expected_count
from judged
