{#
  Turns compared sides into residuals of the common shape. `relation` has, per comparison: rule_id, grain,
  province_key, period_code, subject, expected, actual, claim_precision, not_comparable_reason, expected_evidence,
  actual_evidence, artifact_sha256, detail.

  tolerance = greatest(tolerance_abs, tolerance_rel * |expected|) of the rule's registry entry, plus the claim's
  precision where the entry says so. A rule that is not in the registry tolerates nothing.
  A comparison with a missing side is not comparable: never a pass.
#}
{% macro residuals_of(relation) %}
select
  md5(sides.rule_id || '|' || sides.grain) as residual_id,
  sides.rule_id,
  split_part(sides.rule_id, '.', 1) as family,
  sides.grain,
  sides.province_key,
  sides.period_code,
  sides.subject,
  cast(sides.expected as decimal(28, 6)) as expected,
  cast(sides.actual as decimal(28, 6)) as actual,
  cast(sides.actual as decimal(28, 6)) - cast(sides.expected as decimal(28, 6)) as difference,
  cast(
    greatest(
      coalesce(rules.tolerance_abs, 0), coalesce(rules.tolerance_rel, 0) * abs(coalesce(sides.expected, 0))
    ) + case when rules.use_claim_precision then coalesce(sides.claim_precision, 0) else 0 end
    as decimal(28, 6)
  ) as tolerance,
  sides.not_comparable_reason is null and sides.expected is not null and sides.actual is not null as is_comparable,
  case
    when sides.not_comparable_reason is not null then sides.not_comparable_reason
    when sides.expected is null or sides.actual is null then 'Thiếu số liệu ở một vế.'
  end as not_comparable_reason,
  coalesce(sides.expected_evidence, '[]') as expected_evidence,
  coalesce(sides.actual_evidence, '[]') as actual_evidence,
  sides.artifact_sha256,
  coalesce(sides.detail, '{}') as detail
from {{ relation }} as sides
left join {{ ref('stg_rule') }} as rules on sides.rule_id = rules.rule_id
{% endmacro %}


{#- The columns of a residual, in order, for unions. -#}
{% macro residual_columns() -%}
  residual_id, rule_id, family, grain, province_key, period_code, subject, expected, actual, difference, tolerance,
  is_comparable, not_comparable_reason, expected_evidence, actual_evidence, artifact_sha256, detail
{%- endmacro %}


{#- The name of a period within a sentence: "tháng 11/2021", "quý III/2021"; the numeral keeps its capitals. -#}
{% macro mid_sentence(name) -%}
  lower(left({{ name }}, 1)) || substr({{ name }}, 2)
{%- endmacro %}


{#- A residual that is a breach. -#}
{% macro is_breach(row) -%}
  {{ row }}.is_comparable and abs({{ row }}.difference) > {{ row }}.tolerance
{%- endmacro %}


{#
  How far the actual figure may lie from a claim's value while both agree, by the claim's own words:

  exact      the printed precision: 0 for '189', half of the last digit for '6,5 triệu' (50.000)
  approx     khoảng, xấp xỉ: claim_approx_pct on both sides
  over       hơn, trên: a lower bound; the actual may be within reach above, not below
  under      gần: an upper bound; the actual may be within reach below, not above
             (reach: claim_reach_pct of the value; for a figure printed in tens at least one ten, so 37 is "hơn 30")
  at_least   tối thiểu, từ … trở lên: a lower bound without an upper one
  range      from value to value_max

  Bounds are one-sided: the tolerance depends on which side of the claim the actual figure lies.
#}
{% macro claim_reach(claim) -%}
  greatest(
    {{ claim }}.half_digit,
    abs({{ claim }}.value) * {{ var('claim_reach_pct') }} / 100,
    case when {{ claim }}.value % 10 = 0 then {{ var('claim_reach_tens') }} else 0 end
  )
{%- endmacro %}

{% macro claim_precision(claim, actual) -%}
  case
    when {{ claim }}.qualifier = 'approx'
      then greatest({{ claim }}.half_digit, abs({{ claim }}.value) * {{ var('claim_approx_pct') }} / 100)
    when {{ claim }}.qualifier = 'over' and {{ actual }} >= {{ claim }}.value
      then {{ claim_reach(claim) }}
    when {{ claim }}.qualifier = 'under' and {{ actual }} <= {{ claim }}.value
      then {{ claim_reach(claim) }}
    when {{ claim }}.qualifier = 'at_least' and {{ actual }} >= {{ claim }}.value
      then {{ actual }} - {{ claim }}.value
    when {{ claim }}.qualifier = 'range' and {{ actual }} >= {{ claim }}.value
      then coalesce({{ claim }}.value_max, {{ claim }}.value) - {{ claim }}.value
    when {{ claim }}.qualifier = 'exact' then {{ claim }}.half_digit
    else 0
  end
{%- endmacro %}
