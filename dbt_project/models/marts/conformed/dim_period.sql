select
  period_code,
  period_type,
  starts_on,
  ends_on,
  cut_off_on,
  name_vi,
  name_en,
  year_number,
  month_count,
  previous_period_code,
  quarter_code,
  half_year_code,
  year_code
from {{ ref('int_period') }}
