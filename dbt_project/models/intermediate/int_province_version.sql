-- Versions of a province on one map: the first one, and one per change of name or type.
with stated as (
  select
    province_key,
    province_name,
    province_type,
    valid_from,
    cast(null as varchar) as source_document,
    true as is_date_confirmed
  from {{ ref('int_province') }}

  union all

  select
    province_key,
    province_name,
    province_type,
    valid_from,
    source as source_document,
    is_date_confirmed
  from {{ ref('province_changes') }}
),

followed as (
  select
    *,
    lead(valid_from) over (partition by province_key order by coalesce(valid_from, date '0001-01-01')) as next_from
  from stated
)

select
  followed.province_key || '@' || coalesce(cast(followed.valid_from as varchar), 'start') as province_version_key,
  followed.province_key,
  province.province_map,
  province.province_code,
  followed.province_name,
  followed.province_type,
  followed.valid_from,
  coalesce(cast(followed.next_from - 1 as date), province.valid_to) as valid_to,
  province.successor_province_key,
  followed.next_from is null as is_last,
  followed.source_document,
  followed.is_date_confirmed
from followed
inner join {{ ref('int_province') }} as province on followed.province_key = province.province_key
