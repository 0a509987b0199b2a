{#
  Ratios of figures that people typed. If a figure is mistyped by a factor of a million, its ratio overflows the column
  and is null. The audit reports the figure itself, and one cell of one province must not fail a build.
#}

{#- One figure as a percentage of another; null where that is zero or unknown. -#}
{% macro percentage(part, whole) -%}
  {{ ratio('100.0 * (' ~ part ~ ')', whole) }}
{%- endmacro %}


{#- One figure divided by another; null where that is zero or unknown. -#}
{% macro ratio(numerator, denominator, type='decimal(12, 6)') -%}
  try_cast(({{ numerator }}) / nullif({{ denominator }}, 0) as {{ type }})
{%- endmacro %}
