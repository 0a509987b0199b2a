-- With fingerprints of the inputs of a submission's rows (macros/early_cutoff/).
with submission as (
  select
    artifact.artifact_sha256,
    artifact.file_name,
    province.province_key,
    province.province_code,
    province.province_version_key,
    province.province_name,
    period.period_code,
    period.period_type,
    period.starts_on as period_starts_on,
    period.ends_on as period_ends_on,
    period.name_vi as period_name_vi,
    period.cut_off_on,
    artifact.revision,
    artifact.received_at,
    artifact.approved_on,
    artifact.template_version,
    artifact.outcome,
    artifact.reading,
    artifact.batch_id
  from {{ ref('stg_artifact') }} as artifact
  inner join {{ ref('int_period') }} as period on artifact.period_code = period.period_code
  -- Codes were reused in the merger: a code refers to a province of the map valid at the period's end.
  inner join {{ ref('int_province_version') }} as province
    on
      artifact.submitter_code = province.province_code
      and {{ is_valid_on('province', 'period.ends_on') }}
  where
    artifact.kind = 'workbook'
    and artifact.outcome in ('accepted', 'partial')
    and artifact.revision is not null
)

select
  * exclude (reading, batch_id),
  concat_ws('|', reading, batch_id, province_key, period_code) as fixed,
  {{ key_hash(['submission']) }} as content
from submission
