select
  scope || '|' || valid_from as requirement_key,
  scope,
  minimum_charter_vnd,
  minimum_own_capital_pct,
  maximum_borrower_pct,
  valid_from,
  valid_to,
  source as source_note
from {{ ref('fund_requirements') }}
