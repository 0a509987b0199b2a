with placed as (
  select
    '63-' || code_before_2025_07 as province_key,
    'eight_traditional' as scheme_code,
    region8 as region_name,
    region8_alternative as alternative_name
  from {{ ref('provinces') }}

  union all

  select
    '63-' || code_before_2025_07 as province_key,
    'six_2006' as scheme_code,
    region6_2006 as region_name,
    cast(null as varchar) as alternative_name
  from {{ ref('provinces') }}

  union all

  select
    '34-' || code_from_2025_07 as province_key,
    'six_2025' as scheme_code,
    min(region6_2025_10) as region_name,
    cast(null as varchar) as alternative_name
  from {{ ref('provinces') }}
  group by code_from_2025_07
)

select
  placed.province_key,
  placed.scheme_code,
  region.region_key,
  alternative.region_key as alternative_region_key,
  scheme.valid_from,
  scheme.valid_to
from placed
inner join {{ ref('region_schemes') }} as scheme on placed.scheme_code = scheme.code
inner join {{ ref('int_region_name') }} as region
  on
    placed.scheme_code = region.scheme_code
    and {{ fold_text('placed.region_name') }} = region.folded_name
left join {{ ref('int_region_name') }} as alternative
  on
    placed.scheme_code = alternative.scheme_code
    and {{ fold_text('placed.alternative_name') }} = alternative.folded_name
