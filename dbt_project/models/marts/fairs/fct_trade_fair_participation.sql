with ranged as (
  {{ recorded_ranges(ref('int_bieu_05b_recorded'), key=['fair_code', 'org_code']) }}
)

select
  ranged.row_id,
  ranged.fair_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.org_name as stated_org_name,
  ranged.province_key,
  ranged.period_code,
  ranged.booth_count,
  ranged.product_names,
  ranged.sales_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
left join {{ ref('bridge_organisation_match') }} as named
  on
    named.form = 'BIEU_05B'
    and ranged.province_key = named.province_key
    and ranged.org_code = named.stated_code
    and ranged.org_name is not distinct from named.stated_name
left join {{ ref('dim_cooperative') }} as cooperative
  on
    coalesce(named.org_code, ranged.org_code) = cooperative.org_code
    and {{ is_valid_on('cooperative', 'ranged.period_ends_on') }}
