with latest as (
  select
    province_key,
    province_name,
    province_type
  from {{ ref('int_province_version') }}
  where is_last
)

select
  province.province_key,
  province.province_map,
  province.province_code,
  province.province_name,
  province.province_type,
  province.province_type || ' ' || province.province_name as full_name,
  latest.province_type || ' ' || latest.province_name as latest_full_name,
  province.valid_from,
  province.valid_to,
  province.province_map = '34' as is_current_map,
  province.successor_province_key
from {{ ref('int_province') }} as province
inner join latest on province.province_key = latest.province_key
