with ranked as (
  select
    *,
    row_number() over (partition by artifact_sha256 order by reading desc, batch_id desc) as reading_rank
  from {{ source('raw_meta', 'artifacts') }}
)

select
  artifact_sha256,
  kind,
  name as file_name,
  media_type,
  size_bytes,
  received_at,
  {{ vietnam_day('received_at') }} as received_on,
  submitter as submitter_code,
  submitter_name,
  period as period_code,
  revision,
  approved_on,
  template_version,
  outcome,
  reason,
  reading,
  batch_id,
  rows_read as rows_read_count,
  rows_loaded as rows_loaded_count,
  rows_rejected as rows_rejected_count,
  rows_duplicate as rows_duplicate_count,
  -- A fingerprint of the inputs of its rows (macros/early_cutoff/).
  '' as fixed,
  concat_ws('|', reading, batch_id) as content
from ranked
where reading_rank = 1
