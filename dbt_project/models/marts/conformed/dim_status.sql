select
  code as status_code,
  name_vi,
  name_en,
  is_in_stock,
  is_operating,
  sort_order as sort_number
from {{ ref('statuses') }}
