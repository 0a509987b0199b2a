{{ config(meta={'recorded_key': ['province_key', 'period_code', 'form']}) }}

select
  md5(artifact_sha256 || '|' || form) as submission_form_key,
  artifact_sha256,
  form,
  province_key,
  period_code,
  revision,
  cast(rows_loaded_count as bigint) as rows_loaded_count,
  received_at,
  recorded_from,
  recorded_to,
  is_current
from {{ ref('int_submission_form_recorded') }}
