{#- The factor that converts a figure of `unit` to dong: provinces state money in millions, documents in dong. -#}
{% macro target_factor(unit) -%}
  case when {{ unit }} = 'million_vnd' then 1000000 else 1 end
{%- endmacro %}

{#- The unit of a figure after that conversion. -#}
{% macro target_unit(unit) -%}
  case {{ unit }} when 'million_vnd' then 'VND' else {{ unit }} end
{%- endmacro %}


{#
  The least and the most that meet a target, by its bound: exactly its value; about it (claim_approx_pct on both sides);
  its value or more ("at_least", "above"); its value or less ("at_most"); from value to value_max ("range"). Null where
  there is no limit.
#}
{% macro target_minimum(target) -%}
  case {{ target }}.bound
    when 'at_most' then null
    when 'approx' then {{ target }}.value * (1 - {{ var('claim_approx_pct') }} / 100)
    else {{ target }}.value
  end
{%- endmacro %}

{% macro target_maximum(target) -%}
  case {{ target }}.bound
    when 'at_least' then null
    when 'above' then null
    when 'range' then {{ target }}.value_max
    when 'approx' then {{ target }}.value * (1 + {{ var('claim_approx_pct') }} / 100)
    else {{ target }}.value
  end
{%- endmacro %}


{#-
  The largest distance between `figure` and a target's value at which the target is met, on the side of `figure`:
  unlimited where the target has no limit on this side. `target` is a row of int_plan_target.
-#}
{% macro target_reach(target, figure) -%}
  coalesce(
    case
      when {{ figure }} < {{ target }}.target_value then {{ target }}.target_value - {{ target }}.least_value
      else {{ target }}.most_value - {{ target }}.target_value
    end,
    abs({{ figure }} - {{ target }}.target_value)
  )
{%- endmacro %}


{#-
  Two targets set the same indicator for the same horizon, or one of them states no horizon. `one` and `other` are rows
  of int_plan_target.
-#}
{% macro is_same_target(one, other) -%}
  {{ one }}.indicator_code = {{ other }}.indicator_code
  and {{ one }}.org_type_code is not distinct from {{ other }}.org_type_code
  and {{ one }}.sector_code = {{ other }}.sector_code
  and {{ one }}.unit = {{ other }}.unit
  and (
    {{ one }}.horizon_kind = 'not_stated'
    or {{ other }}.horizon_kind = 'not_stated'
    or ({{ one }}.horizon_kind = {{ other }}.horizon_kind and (
      ({{ one }}.horizon_kind = 'by_end' and {{ one }}.last_year = {{ other }}.last_year)
      or (
        {{ one }}.horizon_kind = 'each_year'
        and {{ one }}.first_year <= {{ other }}.last_year
        and {{ other }}.first_year <= {{ one }}.last_year
      )
    ))
  )
{%- endmacro %}


{#- The reason why two targets for the same indicator are not comparable; null if they are. -#}
{% macro why_targets_differ(one, other) -%}
  case
    when {{ one }}.horizon_kind = 'not_stated'
      then 'Văn bản ' || {{ one }}.document_symbol || ' không nêu thời hạn của chỉ tiêu.'
    when {{ other }}.horizon_kind = 'not_stated'
      then 'Văn bản ' || {{ other }}.document_symbol || ' không nêu thời hạn của chỉ tiêu.'
    when
      {{ one }}.is_relative <> {{ other }}.is_relative
      or coalesce({{ one }}.base_vi, '') <> coalesce({{ other }}.base_vi, '')
      then 'Hai chỉ tiêu tính theo mốc so sánh khác nhau.'
  end
{%- endmacro %}


{#- Evidence of a target: its document, and its row in the reference data. -#}
{% macro evidence_target(row) -%}
  {{ return(json_of({
    'document': row ~ '.document_symbol', 'file': "'targets.csv'", 'target': row ~ '.target_id',
    'value': row ~ '.target_value', 'horizon': row ~ '.horizon_vi', 'note': row ~ '.ambiguity_vi',
  })) }}
{%- endmacro %}
