select
  '63-' || code_before_2025_07 as predecessor_province_key,
  '34-' || code_from_2025_07 as successor_province_key,
  merged = 1 as is_merged,
  date '2025-07-01' as effective_on
from {{ ref('provinces') }}
