select
  rule_id,
  family,
  severity,
  title_vi,
  title_en,
  tolerance_abs,
  tolerance_rel,
  use_claim_precision,
  coverage_floor
from {{ source('registry', 'rules') }}
