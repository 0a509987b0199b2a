-- Rules of kind `none` expect 0; rules of kind `holds` expect 1, and the actual value is 0 or 1.
select
  residual.residual_id,
  rule.kind,
  residual.expected,
  residual.actual
from {{ ref('rec_residual') }} as residual
inner join {{ ref('stg_rule') }} as rule on residual.rule_id = rule.rule_id
where
  (rule.kind = 'none' and (residual.expected <> 0 or residual.actual < 0))
  or (rule.kind = 'holds' and (residual.expected <> 1 or residual.actual not in (0, 1)))
