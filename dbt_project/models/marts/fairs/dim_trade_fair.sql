with stated as (
  {{ current_rows(ref('stg_bieu_05a')) }}
)

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
from stated
qualify row_number() over (
  partition by fair_code
  order by period_ends_on desc, province_key asc, row_number asc, row_id asc
) = 1
