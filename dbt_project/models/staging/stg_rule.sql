select
  rule_id,
  family,
  severity,
  kind,
  title_vi,
  title_en,
  tolerance_abs,
  tolerance_rel,
  use_claim_precision,
  coverage_floor,
  missing_side
from {{ source('registry', 'rules') }}
