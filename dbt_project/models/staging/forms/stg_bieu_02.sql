-- Generated from ingestion/forms/bieu_02.yml: change that file, then run `htx form check`.
{{ config(**incremental_by_artifact(['bieu_02'])) }}
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.org_code,
  rows_read.tax_code,
  rows_read.org_name,
  rows_read.org_type as org_type_code,
  rows_read.sector as sector_code,
  rows_read.commune_name,
  rows_read.district_name,
  rows_read.founded_on,
  rows_read.legal_regime as legal_regime_code,
  rows_read.status as status_code,
  rows_read.member_count,
  rows_read.worker_count,
  rows_read.charter_capital_vnd,
  rows_read.event_kind as event_kind_code,
  rows_read.event_on,
  rows_read.decision_number
from {{ source('raw', 'bieu_02') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
where {{ is_affected(['rows_read.artifact_sha256']) }}
