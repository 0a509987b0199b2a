{#
  Is `row` (with valid_from and valid_to, both inclusive, null meaning unbounded) valid on a day? Written as plain
  comparisons: with `or ... is null` DuckDB joins row by row instead of by hash.
#}
{% macro is_valid_on(row, day) -%}
  {{ day }} between coalesce({{ row }}.valid_from, date '0001-01-01') and coalesce({{ row }}.valid_to, date '9999-12-31')
{%- endmacro %}
