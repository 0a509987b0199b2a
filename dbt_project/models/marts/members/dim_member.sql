with listed as (
  {{ current_rows(ref('stg_bieu_03')) }}
)

-- What the latest list says of the person.
select
  member_key,
  member_kind_code,
  sex_code,
  birth_year,
  province_key,
  period_code as last_listed_period_code,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from listed
qualify row_number() over (
  partition by member_key
  order by period_ends_on desc, province_key asc, row_number asc, row_id asc
) = 1
