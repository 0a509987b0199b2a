-- Breaches of reject rules, over every readable submission. A rule that is not in the registry is applied, too.
with judged as (
  {% for model in rejecting_models() %}
  select {{ residual_columns() }} from {{ ref(model) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  judged.artifact_sha256,
  judged.rule_id,
  count(*) as breach_count
from judged
left join {{ ref('stg_rule') }} as rules on judged.rule_id = rules.rule_id
where
  judged.excess > 0
  and coalesce(rules.severity, 'reject') = 'reject'
group by judged.artifact_sha256, judged.rule_id
