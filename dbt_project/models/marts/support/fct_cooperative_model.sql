with ranged as (
  {{ recorded_ranges(ref('int_bieu_08_recorded'), key=['province_key', 'period_code', 'model_code']) }}
)

select
  ranged.row_id,
  ranged.model_code,
  ranged.province_key,
  ranged.period_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.org_name,
  ranged.org_type_code,
  ranged.sector_code,
  ranged.model_kind_code,
  ranged.product_names,
  ranged.partner_name,
  ranged.standard_name,
  ranged.ocop_star_count,
  ranged.area_ha,
  ranged.started_on,
  ranged.support_vnd,
  ranged.model_status_code,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'period_ends_on') }}
