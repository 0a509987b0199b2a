select
  'VCA' as unit_key,
  'national_alliance' as unit_kind,
  'Liên minh Hợp tác xã Việt Nam' as unit_name,
  cast(null as varchar) as province_key,
  cast(null as date) as valid_from,
  cast(null as date) as valid_to,
  cast(null as varchar) as successor_unit_key,
  cast(null as varchar) as parent_unit_key

union all

select
  'LM-' || province_key as unit_key,
  'provincial_alliance' as unit_kind,
  'Liên minh Hợp tác xã ' || lower(province_type) || ' ' || province_name as unit_name,
  province_key,
  valid_from,
  valid_to,
  'LM-' || successor_province_key as successor_unit_key,
  'VCA' as parent_unit_key
from {{ ref('int_province') }}

union all

-- Departments and affiliates of the national alliance, and groups that plans name as one ("Các trường trực thuộc").
select
  'VCA-' || code as unit_key,
  kind as unit_kind,
  name_vi as unit_name,
  cast(null as varchar) as province_key,
  cast(null as date) as valid_from,
  cast(null as date) as valid_to,
  cast(null as varchar) as successor_unit_key,
  'VCA' as parent_unit_key
from {{ ref('units') }}
