select
  code as stage_code,
  name_vi,
  name_en,
  sort_order as stage_number,
  is_final
from {{ ref('dissolution_stages') }}
