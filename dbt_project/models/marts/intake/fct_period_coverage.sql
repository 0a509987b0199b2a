select
  period_code,
  province_map,
  provinces_expected_count,
  provinces_reported_count,
  coverage_share
from {{ ref('int_period_coverage') }}
