select
  fetch_id,
  url,
  portal,
  purpose,
  requested_at,
  attempts as attempt_count,
  status as http_status,
  outcome,
  artifact_sha256,
  snapshot as snapshot_number,
  size_bytes,
  media_type,
  response,
  detail
from {{ source('raw_meta', 'fetches') }}
