{#
  Ratios of figures that people typed. Where a figure is mistyped by a factor of a million its ratio fits no column:
  it is empty then, for the audit speaks of the figure itself, and one cell of one province must not end a run.
#}

{#- Percentage of one figure in another; empty where there is no whole. -#}
{% macro percentage(part, whole) -%}
  {{ ratio('100.0 * (' ~ part ~ ')', whole) }}
{%- endmacro %}


{#- One figure divided by another; empty where that is zero or unknown. -#}
{% macro ratio(numerator, denominator, type='decimal(12, 6)') -%}
  try_cast(({{ numerator }}) / nullif({{ denominator }}, 0) as {{ type }})
{%- endmacro %}
