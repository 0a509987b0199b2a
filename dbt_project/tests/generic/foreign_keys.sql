{#
  Every value of each key column is found in the dimension it names. One test per model instead of one per column.
  DuckDB's foreign keys are not used: a referenced table could not be replaced, and builds replace tables.

  keys: {column: {to: ref('dim_x'), field: column_of_dim_x}}
#}
{% test foreign_keys(model, keys) %}
  {% for column, target in keys.items() %}
  select
    '{{ column }}' as key_column,
    cast(child.{{ column }} as varchar) as orphan_value,
    count(*) as row_count
  from {{ model }} as child
  left join {{ target.to }} as parent on child.{{ column }} = parent.{{ target.field }}
  where
    child.{{ column }} is not null
    and parent.{{ target.field }} is null
  group by child.{{ column }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
{% endtest %}
