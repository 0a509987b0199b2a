-- As known today; what was known earlier: trade_fair_as_of().
select
  fair_code,
  fair_name,
  place,
  started_on,
  ended_on,
  province_key,
  period_code as last_listed_period_code,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from {{ ref('fct_trade_fair') }}
where is_current
