with before_merger as (
  select
    '63-' || code_before_2025_07 as province_key,
    '63' as province_map,
    code_before_2025_07 as province_code,
    name_before_2025_07 as province_name,
    type_before as province_type,
    cast(null as date) as valid_from,
    date '2025-06-30' as valid_to,
    '34-' || code_from_2025_07 as successor_province_key,
    variants
  from {{ ref('provinces') }}
),

from_merger as (
  -- A name that survived the merger keeps its variants; the variants of the other merged names are not taken over.
  select
    '34-' || code_from_2025_07 as province_key,
    '34' as province_map,
    code_from_2025_07 as province_code,
    min(name_from_2025_07) as province_name,
    min(type_2025_07) as province_type,
    date '2025-07-01' as valid_from,
    cast(null as date) as valid_to,
    cast(null as varchar) as successor_province_key,
    max(case when name_before_2025_07 = name_from_2025_07 then variants end) as variants
  from {{ ref('provinces') }}
  group by code_from_2025_07
)

select * from before_merger
union all
select * from from_merger
