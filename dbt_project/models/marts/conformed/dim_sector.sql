select
  code as sector_code,
  name_vi,
  name_en,
  level as sector_level,
  parent_code as parent_sector_code,
  case
    when code = 'total' then 'total'
    when code = 'agriculture' then 'agriculture'
    else 'non_agriculture'
  end as sector_group,
  level = 'leaf' as is_leaf,
  vsic_section as vsic_section_code,
  nd113_field as nd113_field_code,
  sort_order as sort_number
from {{ ref('sectors') }}
