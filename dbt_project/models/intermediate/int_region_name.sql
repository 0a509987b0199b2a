with names as (
  select
    scheme,
    code,
    name_vi as written
  from {{ ref('regions') }}

  union all

  select
    scheme,
    code,
    {{ unnest_bars('aliases') }} as written
  from {{ ref('regions') }}
  where aliases is not null
)

select
  scheme as scheme_code,
  {{ fold_text('written') }} as folded_name,
  min(scheme || '-' || code) as region_key
from names
group by scheme, {{ fold_text('written') }}
having count(distinct code) = 1
