with ranged as (
  {{ recorded_ranges(ref('int_bieu_11_recorded'), key=['province_key', 'period_code', 'org_code']) }}
)

select
  ranged.row_id,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.province_key,
  ranged.period_code,
  ranged.org_name,
  ranged.case_kind_code,
  ranged.org_type_code,
  ranged.stopped_since,
  ranged.obstacle_code,
  ranged.stage_code,
  stage.sort_order as stage_number,
  stage.is_final as is_closed,
  ranged.plan_symbol,
  ranged.deadline_on,
  coalesce(ranged.deadline_on < ranged.period_ends_on and not stage.is_final, false) as is_overdue,
  ranged.debt_vnd,
  ranged.undivided_assets_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
inner join {{ ref('dissolution_stages') }} as stage on ranged.stage_code = stage.code
{{ join_cooperative('ranged', 'org_code', 'period_ends_on') }}
