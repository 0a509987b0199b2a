with stated as (
  select * from {{ ref('int_bieu_07a_recorded') }}
  where is_current
)

-- From the latest list of the province; partner codes are unique within an alliance only.
select
  md5(province_key || '|' || partner_code) as partner_key,
  partner_code,
  province_key,
  partner_name,
  partner_kind_code,
  country_name,
  partner_since_year,
  period_code as last_listed_period_code,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from stated
qualify row_number() over (
  partition by province_key, partner_code
  order by period_ends_on desc, row_number asc, row_id asc
) = 1
