select
  fetch_id,
  url,
  portal,
  requested_at,
  status as http_status,
  outcome,
  artifact_sha256,
  size_bytes,
  media_type,
  detail
from {{ source('raw_meta', 'fetches') }}
