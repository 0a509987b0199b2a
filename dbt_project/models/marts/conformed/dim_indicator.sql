select
  code as indicator_code,
  name_vi,
  name_en,
  definition_vi,
  definition_en,
  unit,
  additivity,
  authority,
  period_type,
  accumulation
from {{ ref('indicators') }}
