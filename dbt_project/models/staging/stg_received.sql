select
  artifact_sha256,
  name as file_name,
  received_at
from {{ source('raw_meta', 'received') }}
where outcome <> 'unpacked'
