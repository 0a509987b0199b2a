with stated as (
  {{ recorded_rows(ref('stg_bieu_08')) }}
)

select
  stated.row_id,
  stated.model_code,
  stated.province_key,
  stated.period_code,
  stated.org_code,
  cooperative.cooperative_key,
  stated.org_name,
  stated.org_type_code,
  stated.sector_code,
  stated.model_kind_code,
  stated.product_names,
  stated.partner_name,
  stated.standard_name,
  stated.ocop_star_count,
  stated.area_ha,
  stated.started_on,
  stated.support_vnd,
  stated.model_status_code,
  stated.revision,
  stated.recorded_from,
  stated.recorded_to,
  stated.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
left join {{ ref('dim_cooperative') }} as cooperative
  on
    stated.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.period_ends_on') }}
