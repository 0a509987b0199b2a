-- A province and, after a merger, its predecessors: its figures continue theirs.
select
  province_key,
  province_key as member_province_key,
  valid_from,
  valid_to
from {{ ref('int_province') }}

union all

select
  successor_province_key as province_key,
  province_key as member_province_key,
  valid_from,
  valid_to
from {{ ref('int_province') }}
where successor_province_key is not null
