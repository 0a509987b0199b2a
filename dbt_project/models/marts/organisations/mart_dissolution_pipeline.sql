select
  md5(concat_ws(
    '|', listed.province_key, listed.period_code, listed.case_kind_code, listed.stage_code, listed.obstacle_code
  )) as pipeline_key,
  listed.province_key,
  province.province_name,
  listed.period_code,
  period.name_vi as period_name_vi,
  listed.case_kind_code,
  case_kind.name_vi as case_kind_name_vi,
  listed.stage_code,
  stage.name_vi as stage_name_vi,
  listed.stage_number,
  listed.is_closed,
  listed.obstacle_code,
  obstacle.name_vi as obstacle_name_vi,
  count(*) as case_count,
  count(*) filter (where listed.is_overdue) as overdue_count,
  min(listed.stopped_since) as longest_stopped_since,
  cast(avg(period.ends_on - listed.stopped_since) as decimal(12, 6)) as average_days_stopped_count,
  cast(sum(listed.debt_vnd) as decimal(24, 0)) as debt_vnd,
  cast(sum(listed.undivided_assets_vnd) as decimal(24, 0)) as undivided_assets_vnd
from {{ ref('fct_dissolution_case') }} as listed
inner join {{ ref('dim_province') }} as province on listed.province_key = province.province_key
inner join {{ ref('dim_period') }} as period on listed.period_code = period.period_code
inner join {{ ref('dim_dissolution_stage') }} as stage on listed.stage_code = stage.stage_code
inner join {{ ref('dim_code_value') }} as case_kind
  on
    case_kind.list_code = 'dissolution_case_kind'
    and listed.case_kind_code = case_kind.value_code
inner join {{ ref('dim_code_value') }} as obstacle
  on
    obstacle.list_code = 'dissolution_obstacle'
    and listed.obstacle_code = obstacle.value_code
where listed.is_current
group by
  listed.province_key,
  province.province_name,
  listed.period_code,
  period.name_vi,
  listed.case_kind_code,
  case_kind.name_vi,
  listed.stage_code,
  stage.name_vi,
  listed.stage_number,
  listed.is_closed,
  listed.obstacle_code,
  obstacle.name_vi
