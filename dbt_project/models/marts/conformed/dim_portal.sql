select
  portal,
  name_vi as portal_name,
  publisher,
  publisher_kind,
  '63-' || province_code_before_2025_07 as predecessor_province_key,
  '34-' || province_code_from_2025_07 as province_key,
  base_url,
  kind as portal_kind,
  valid_from,
  valid_to,
  last_seen as last_seen_in,
  successor as successor_portal,
  is_confirmed
from {{ ref('portals') }}
