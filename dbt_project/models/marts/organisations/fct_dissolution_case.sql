with stated as (
  {{ recorded_rows(ref('stg_bieu_11')) }}
)

select
  stated.row_id,
  stated.org_code,
  cooperative.cooperative_key,
  stated.province_key,
  stated.period_code,
  stated.org_name,
  stated.case_kind_code,
  stated.org_type_code,
  stated.stopped_since,
  stated.obstacle_code,
  stated.stage_code,
  stage.sort_order as stage_number,
  stage.is_final as is_closed,
  stated.plan_symbol,
  stated.deadline_on,
  coalesce(stated.deadline_on < stated.period_ends_on and not stage.is_final, false) as is_overdue,
  stated.debt_vnd,
  stated.undivided_assets_vnd,
  stated.revision,
  stated.recorded_from,
  stated.recorded_to,
  stated.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
inner join {{ ref('dissolution_stages') }} as stage on stated.stage_code = stage.code
left join {{ ref('dim_cooperative') }} as cooperative
  on
    stated.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.period_ends_on') }}
