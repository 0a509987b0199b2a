select
  list as list_code,
  code as value_code,
  name_vi,
  name_en
from {{ ref('code_values') }}
