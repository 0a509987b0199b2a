with names as (
  select
    province_key,
    province_map,
    province_name as written
  from {{ ref('int_province') }}

  union all

  select
    province_key,
    province_map,
    {{ unnest_bars('variants') }} as written
  from {{ ref('int_province') }}
  where variants is not null
)

select
  province_map,
  {{ fold_text('written') }} as folded_name,
  min(province_key) as province_key
from names
group by province_map, {{ fold_text('written') }}
-- A text that could mean two provinces is not matched.
having count(distinct province_key) = 1
