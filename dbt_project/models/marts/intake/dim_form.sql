select
  form || ' ' || version as form_key,
  form,
  version as form_version,
  title_vi,
  description_vi,
  description_en,
  valid_from,
  valid_to,
  '|' || expected_in || '|' like '%|month|%' as is_expected_monthly,
  '|' || expected_in || '|' like '%|quarter|%' as is_expected_quarterly,
  '|' || expected_in || '|' like '%|half_year|%' as is_expected_half_yearly,
  '|' || expected_in || '|' like '%|year|%' as is_expected_yearly
from {{ ref('forms') }}
