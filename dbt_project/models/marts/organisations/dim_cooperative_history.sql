{{ config(
  post_hook=["{{ create_as_of('cooperative_as_of', this) }}"],
  meta={'recorded_key': ['org_code', 'valid_from']},
) }}

select
  cooperative_key,
  org_code,
  org_name,
  tax_code,
  org_type_code,
  sector_code,
  status_code,
  size_class_code,
  province_key,
  commune_name,
  district_name,
  legal_regime_code,
  founded_on,
  dissolved_on,
  valid_from,
  valid_to,
  recorded_from,
  recorded_to,
  is_latest_version,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from {{ ref('int_cooperative_version') }}
