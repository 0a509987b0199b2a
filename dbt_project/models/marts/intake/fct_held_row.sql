{{ config(meta={'recorded_key': ['province_key', 'period_code', 'row_id', 'check_id']}) }}

select
  row_id,
  check_id,
  form,
  province_key,
  period_code,
  column_name,
  column_header,
  found_text,
  expected_text,
  revision,
  recorded_from,
  recorded_to,
  is_current,
  artifact_sha256,
  file_name,
  sheet,
  row_number
from {{ ref('int_row_finding') }}
where severity = 'hold'
