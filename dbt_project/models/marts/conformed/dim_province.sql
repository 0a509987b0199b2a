select
  province_key,
  province_map,
  province_code,
  province_name,
  province_type,
  province_type || ' ' || province_name as full_name,
  valid_from,
  valid_to,
  province_map = '34' as is_current_map,
  successor_province_key
from {{ ref('int_province') }}
