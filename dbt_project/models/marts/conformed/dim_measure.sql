select
  table_name || '.' || column_name as measure_key,
  table_name,
  column_name,
  indicator_code,
  form
from {{ ref('measures') }}
