{#
  Turns comparisons (the columns of the macro compare) into residuals.

  tolerance = greatest(tolerance_abs, tolerance_rel * |expected|) of the rule's registry entry, plus the claim's
  precision where the entry says so. excess = by how much the difference exceeds that, in the direction that the kind of the rule
  forbids: above 0 is a breach. It is null where a side is missing or a reason is given why nothing can be compared, so
  this is never a pass. A rule that is not in the registry is of kind `equal` without tolerance.
#}
{% macro residuals_of(relation) %}
select
  md5(compared.rule_id || '|' || compared.grain) as residual_id,
  compared.rule_id,
  split_part(compared.rule_id, '.', 1) as family,
  compared.grain,
  compared.province_key,
  compared.period_code,
  compared.subject,
  compared.expected,
  compared.actual,
  compared.actual - compared.expected as difference,
  compared.tolerance,
  {{ excess('compared') }} as excess,
  compared.is_comparable,
  case
    when not compared.is_comparable
      then coalesce(compared.not_comparable_reason, compared.missing_side, 'Thiếu số liệu ở một vế.')
  end as not_comparable_reason,
  compared.expected_evidence,
  compared.actual_evidence,
  compared.artifact_sha256,
  compared.detail
from (
  select
    sides.rule_id,
    sides.grain,
    sides.province_key,
    sides.period_code,
    sides.subject,
    cast(sides.expected as decimal(28, 6)) as expected,
    cast(sides.actual as decimal(28, 6)) as actual,
    cast(
      greatest(
        coalesce(rules.tolerance_abs, 0), coalesce(rules.tolerance_rel, 0) * abs(coalesce(sides.expected, 0))
      ) + case when rules.use_claim_precision then coalesce(sides.claim_precision, 0) else 0 end
      as decimal(28, 6)
    ) as tolerance,
    rules.kind,
    sides.not_comparable_reason is null and sides.expected is not null and sides.actual is not null as is_comparable,
    sides.not_comparable_reason,
    rules.missing_side,
    coalesce(sides.expected_evidence, '[]') as expected_evidence,
    coalesce(sides.actual_evidence, '[]') as actual_evidence,
    sides.artifact_sha256,
    coalesce(sides.detail, '{}') as detail
  from {{ relation }} as sides
  left join {{ ref('stg_rule') }} as rules on sides.rule_id = rules.rule_id
) as compared
{% endmacro %}


{#- By how much a comparison breaks its rule, by the kind of the rule (expectations/registry.py). -#}
{% macro excess(row) -%}
  case
    when not {{ row }}.is_comparable then null
    when {{ row }}.kind = 'at_least' then {{ row }}.expected - {{ row }}.actual - {{ row }}.tolerance
    when {{ row }}.kind = 'at_most' then {{ row }}.actual - {{ row }}.expected - {{ row }}.tolerance
    -- equal; none, where 0 is expected; holds, where 1 is expected
    else abs({{ row }}.actual - {{ row }}.expected) - {{ row }}.tolerance
  end
{%- endmacro %}


{#- The columns of a residual, in order, for unions. -#}
{% macro residual_columns() -%}
  residual_id, rule_id, family, grain, province_key, period_code, subject, expected, actual, difference, tolerance,
  excess, is_comparable, not_comparable_reason, expected_evidence, actual_evidence, artifact_sha256, detail
{%- endmacro %}


{#- The name of a period within a sentence: "tháng 11/2021", "quý III/2021"; the numeral keeps its capitals. -#}
{% macro mid_sentence(name) -%}
  lower(left({{ name }}, 1)) || substr({{ name }}, 2)
{%- endmacro %}


{#
  The largest difference of an actual figure from a claim's value with which both agree, by the claim's qualifier:

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


{#- Why a figure is not compared with past values: too few months are known. `row` has past_count. -#}
{% macro too_few_months(row, least) -%}
  case when {{ row }}.past_count < {{ least }} then
    'Mới có ' || {{ row }}.past_count || ' tháng trước đó, chưa đủ {{ least }} tháng.'
  end
{%- endmacro %}
