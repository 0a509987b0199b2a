{#-
  Primary keys are declared in YAML (a constraint of the model or of a column) and checked by assert_primary_key() after
  the rows are inserted, not by an index during the insert: for six million rows this takes one second instead of
  seventeen.
-#}

{#- Columns of the primary key that the current model declares; an empty list if it declares none. -#}
{% macro primary_key_columns() %}
  {% for constraint in model.constraints if constraint.type == 'primary_key' %}
    {{ return(constraint.columns) }}
  {% endfor %}
  {% for column in model.columns.values() if 'primary_key' in column.constraints | map(attribute='type') %}
    {{ return([column.name]) }}
  {% endfor %}
  {{ return([]) }}
{% endmacro %}


{#- A statement that fails where two rows of `relation` have one primary key, or a row has none. -#}
{% macro assert_primary_key(relation) %}
  {% set key = primary_key_columns() %}
  {% if key %}
    select error(
      '{{ relation.identifier }}: ' || row_count || ' row(s) have the primary key ({{ key | join(", ") }}) = ' || found
    )
    from (
      select
        concat_ws(', ', {{ key | join(', ') }}) as found,
        count(*) as row_count
      from {{ relation }}
      group by {{ key | join(', ') }}
      having count(*) > 1 or {{ key | join(' is null or ') }} is null
      limit 1
    );
  {% endif %}
{% endmacro %}


{#-
  The columns of an enforced contract, which dbt asks for where it creates a table: types and not null, no index. A
  plain `table`, whose key nothing checks afterwards, gets dbt's own constraints.
-#}
{% macro duckdb__get_table_columns_and_constraints() %}
  {% if config.get('materialized') == 'table' %}
    {{ return(default__get_table_columns_and_constraints()) }}
  {% endif %}
  {% set key = primary_key_columns() %}
  (
    {% for column in model.columns.values() %}
    {% set is_required = column.name in key or 'not_null' in column.constraints | map(attribute='type') %}
    {{ column.name }} {{ column.data_type }} {{ 'not null' if is_required }} {{ ',' if not loop.last }}
    {% endfor %}
  )
{% endmacro %}
