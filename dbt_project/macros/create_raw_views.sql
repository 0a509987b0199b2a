{#
  Creates schema `raw`: one view per declared source, over the Parquet files below HTX_HOME.

  A table's files are `config.meta.path` (a folder, or one .parquet file); without it, `raw/<table>`. Rows of
  batches that the ledger `raw.artifacts` does not name were left by a killed run and are not read. Where there is
  no file, the view is empty but typed as declared, so a build without input succeeds. Columns that older files do
  not have yet are null; columns that are not declared are not selected.
#}
{% macro create_raw_views() %}
  {% if execute %}
    {% set home = env_var('HTX_HOME', '../data') %}
    {% do run_query('create schema if not exists raw') %}
    {% set present = raw_files_present(home) %}
    {% set sources = graph.sources.values() | sort(attribute='unique_id') %}
    {# The ledger first: the others select from it. #}
    {% for node in sources if node.name == 'artifacts' %}
      {% do run_query(raw_view_sql(node, home, present)) %}
    {% endfor %}
    {% for node in sources if node.name != 'artifacts' %}
      {% do run_query(raw_view_sql(node, home, present)) %}
    {% endfor %}
  {% endif %}
{% endmacro %}


{#- Folders (and single files) below `home` that hold at least one Parquet file, as relative paths. -#}
{% macro raw_files_present(home) %}
  {% set found = run_query(
    "select distinct replace(substr(file, length('" ~ home ~ "/') + 1), '\\', '/') as path from glob(['"
    ~ home ~ "/raw/*/*.parquet', '" ~ home ~ "/build/*.parquet', '" ~ home ~ "/build/audit/*.parquet'])"
  ) %}
  {% set present = {} %}
  {% for path in found.columns[0].values() %}
    {% do present.update({path: true, path.rsplit('/', 1)[0]: true}) %}
  {% endfor %}
  {{ return(present) }}
{% endmacro %}


{% macro raw_view_sql(node, home, present) %}
  {% set meta = node.config.get('meta', {}) %}
  {% set path = meta.get('path', 'raw/' ~ node.identifier) %}
  {% set committed_by = meta.get('committed_by', 'artifacts') %}
  {% set typed_empty %}
    select
      {% for column in node.columns.values() -%}
        cast(null as {{ column.data_type }}) as "{{ column.name }}"{{ ',' if not loop.last }}
      {% endfor %}
    where false
  {% endset %}
  create or replace view raw.{{ node.identifier }} as
  {% if path in present %}
  select
    {% for column in node.columns.values() -%}
      cast("{{ column.name }}" as {{ column.data_type }}) as "{{ column.name }}"{{ ',' if not loop.last }}
    {% endfor %}
  from (
    select * from read_parquet('{{ home }}/{{ path if path.endswith(".parquet") else path ~ "/*.parquet" }}', union_by_name = true)
    union all by name
    {{ typed_empty }}
  )
  {% if committed_by == 'artifacts' -%}
  where batch_id in (select batch_id from raw.artifacts)
  {%- endif %}
  {% else %}
  {{ typed_empty }}
  {% endif %}
{% endmacro %}
