{{ config(tags=['audited']) }}

select
  residual_id,
  rule_id,
  family as rule_family,
  severity,
  title_vi,
  title_en,
  grain,
  province_key,
  period_code,
  subject,
  expected,
  actual,
  difference,
  tolerance,
  outcome,
  not_comparable_reason,
  explanation_vi,
  expected_evidence,
  actual_evidence,
  artifact_sha256,
  detail
from {{ ref('rec_outcome') }}
