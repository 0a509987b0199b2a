{{ config(meta={'recorded_key': ['org_code', 'valid_from']}) }}

-- As known today; what was known earlier: dim_cooperative_history, cooperative_as_of().
with listed as (
  select
    org_code,
    max_by(period_code, (period_ends_on, period_starts_on)) as last_listed_period_code
  from {{ ref('int_cooperative_statement') }}
  where recorded_to is null
  group by org_code
)

select
  history.cooperative_key,
  history.org_code,
  history.org_name,
  history.tax_code,
  history.org_type_code,
  history.sector_code,
  history.status_code,
  history.size_class_code,
  history.province_key,
  history.commune_name,
  history.district_name,
  history.legal_regime_code,
  history.founded_on,
  history.dissolved_on,
  history.valid_from,
  history.valid_to,
  history.recorded_from,
  history.recorded_to,
  history.is_latest_version,
  listed.last_listed_period_code,
  history.row_id,
  history.artifact_sha256,
  history.sheet,
  history.row_number
from {{ ref('dim_cooperative_history') }} as history
inner join listed on history.org_code = listed.org_code
where history.recorded_to is null
