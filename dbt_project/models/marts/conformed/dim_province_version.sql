{{ config(post_hook=["{{ create_province_on() }}"]) }}

select
  province_version_key,
  province_key,
  province_map,
  province_code,
  province_name,
  province_type,
  province_type || ' ' || province_name as full_name,
  valid_from,
  valid_to,
  successor_province_key,
  source_document,
  is_date_confirmed
from {{ ref('int_province_version') }}
