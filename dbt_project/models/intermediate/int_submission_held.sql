-- Breaches of reject rules, over every readable submission. A rule that is not in the registry is applied, too.
with judged as (
  select {{ residual_columns() }} from {{ ref('rec_stock_identity') }}
  union all
  select {{ residual_columns() }} from {{ ref('rec_stock_split') }}
  union all
  select {{ residual_columns() }} from {{ ref('rec_fund_position') }}
)

select
  judged.artifact_sha256,
  judged.rule_id,
  count(*) as breach_count
from judged
left join {{ ref('stg_rule') }} as rules on judged.rule_id = rules.rule_id
where
  {{ is_breach('judged') }}
  and coalesce(rules.severity, 'reject') = 'reject'
group by judged.artifact_sha256, judged.rule_id
