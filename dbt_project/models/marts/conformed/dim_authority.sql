select
  code as authority_code,
  name_vi,
  name_en,
  successor as successor_authority_code,
  note
from {{ ref('authorities') }}
