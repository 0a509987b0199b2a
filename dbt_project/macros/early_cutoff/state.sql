{#- What the early cut-off keeps between builds: its tables in schema `early_cutoff`, read and written here only. -#}

{#- The tables and their columns; README.md describes them. -#}
{% macro state_tables() %}
  {{ return({
    'node_state': [
      'node varchar', 'inputs varchar', 'definition varchar', 'other_inputs varchar', 'content varchar', 'rebuilt varchar',
    ],
    'node_part': ['node varchar', 'part varchar', 'fixed varchar', 'content varchar'],
    'affected_key': ['node varchar', 'key_hash ubigint'],
  }) }}
{% endmacro %}


{#- Before a run: creates the state tables, deletes invalid state, drops relations that the project no longer has. -#}
{% macro prepare_early_cutoff() %}
  {% if execute %}
    {% do run_query('create schema if not exists early_cutoff') %}
    {# State with other columns, from another version of these macros, is deleted: everything is rebuilt once. #}
    {% for table, columns in state_tables().items() %}
      {% set found = run_query(
        "select string_agg(column_name || ' ' || lower(data_type), ', ' order by column_index) from duckdb_columns()"
        ~ " where database_name = current_database() and schema_name = 'early_cutoff' and table_name = '" ~ table ~ "'"
      ).rows[0][0] %}
      {% if found != columns | join(', ') %}
        {% do run_query('create or replace table early_cutoff.' ~ table ~ ' (' ~ columns | join(', ') ~ ')') %}
      {% endif %}
    {% endfor %}
    {# Another version of DuckDB may hash, round or sort in another way. #}
    {% do run_query(
      "delete from early_cutoff.node_state where not exists"
      ~ " (from early_cutoff.node_state where node = 'duckdb' and content = version())"
    ) %}
    {# The state of a node that was removed, or that another materialization builds now, is not kept up to date. #}
    {% set kept = [] %}
    {% for node in graph.nodes.values() if has_early_cutoff(node) %}
      {% do kept.append(node.unique_id) %}
    {% endfor %}
    {% do run_query("delete from early_cutoff.node_state where node not in ('" ~ kept | join("', '") ~ "')") %}
    {% do run_query("insert into early_cutoff.node_state (node, content) values ('duckdb', version())") %}
    {% do drop_unknown_relations() %}
  {% endif %}
{% endmacro %}


{% macro has_early_cutoff(node) %}
  {{ return(
    node.resource_type == 'test'
    or node.config.materialized in ['cached_table', 'cached_view']
    or node.config.get('incremental_strategy') == 'affected_keys'
  ) }}
{% endmacro %}


{% macro drop_unknown_relations() %}
  {% set known = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | list %}
  {% set unknown = run_query(
    "select type, schema_name, name from ("
    ~ " select 'table' as type, schema_name, table_name as name from duckdb_tables()"
    ~ " where database_name = current_database() and not internal union all"
    ~ " select 'view', schema_name, view_name from duckdb_views()"
    ~ " where database_name = current_database() and not internal)"
    ~ " where schema_name in ('" ~ known | map(attribute='schema') | unique | join("', '") ~ "')"
    ~ " and schema_name || '.' || name not in ('"
    ~ (known | map(attribute='relation_name') | join("', '") | replace('"', '') | replace(target.database ~ '.', ''))
    ~ "')"
  ) %}
  {% for row in unknown.rows %}
    {% do run_query('drop ' ~ row['type'] ~ ' ' ~ row['schema_name'] ~ '.' ~ row['name']) %}
  {% endfor %}
{% endmacro %}


{#-
  Records the content of each source. Rows of a batch never change, so the names of the committed batches suffice, in
  whatever files they are: a file is named after its batch, or lists its batches in its metadata.
-#}
{% macro note_sources() %}
  {% if execute %}
    {% set home = env_var('HTX_HOME', '../data') %}
    {% set files = home ~ '/raw/*/*.parquet' %}
    {% set compacted = home ~ '/raw/*/compacted-*.parquet' %}
    {% set batches %}
      create or replace temp table source_batch as
      select
        parse_dirpath(file) as folder,
        parse_filename(file, true) as batch
      from glob('{{ files }}')
      where not starts_with(parse_filename(file), 'compacted-')
      {% if run_query("select count(*) as files from glob('" ~ compacted ~ "')").rows[0]['files'] > 0 %}
      union all
      select
        parse_dirpath(file_name),
        unnest(string_split(decode(value), ' '))
      from parquet_kv_metadata('{{ compacted }}')
      where decode(key) = 'htx.batches'
      {% endif %}
    {% endset %}
    {% do run_query(batches) %}
    {% set names %}
      select coalesce(string_agg(batch, ' ' order by batch), 'no file')
      from source_batch
      where folder = '{{ home }}/@path' and (@everything or batch in (select batch_id from raw.artifacts))
    {% endset %}
    {% set states = [] %}
    {% for source in graph.sources.values() %}
      {% set meta = source.config.get('meta', {}) %}
      {% set path = meta.get('path', 'raw/' ~ source.identifier) %}
      {% set content %}
        {% if path.endswith('.parquet') %}
          {{ content_of('raw.' ~ source.identifier) }}
        {% else %}
          {{ names | replace('@path', path) | replace('@everything', meta.get('committed_by', 'artifacts') != 'artifacts') }}
        {% endif %}
      {% endset %}
      {# Columns are cast to what is declared: another type gives other rows from the same files. #}
      {% set declared = [path] %}
      {% for column in source.columns.values() %}
        {% do declared.append(column.name ~ ' ' ~ column.data_type) %}
      {% endfor %}
      {% set definition = local_md5(declared | join(', ')) %}
      {% do states.append(
        "select '" ~ source.unique_id ~ "', '" ~ definition ~ "', '" ~ definition ~ " ' || (select (" ~ content ~ "))"
      ) %}
    {% endfor %}
    {% do run_query('insert into early_cutoff.node_state (node, definition, content) ' ~ states | join(' union all ')) %}
    {% do run_query('drop table source_batch') %}
  {% endif %}
{% endmacro %}


{#- The state of `nodes` when they were last built, by node: a dict of the columns of `node_state`. -#}
{% macro noted_states(nodes) %}
  {% set states = {} %}
  {% set found = run_query("from early_cutoff.node_state where node in ('" ~ nodes | join("', '") ~ "')") %}
  {% for row in found.rows %}
    {% do states.update({row['node']: row.dict()}) %}
  {% endfor %}
  {{ return(states) }}
{% endmacro %}


{#-
  Statements that record `state` (a dict with some columns of `node_state`, by default the node's own `inputs` and
  `definition`) and `content`, a SQL expression. To be run in the transaction that writes the node.
-#}
{% macro note_state(state, content='null') %}
  delete from early_cutoff.node_state where node = '{{ model.unique_id }}';
  insert into early_cutoff.node_state by name
  select
    '{{ model.unique_id }}' as node,
    {% for column in ['inputs', 'definition', 'other_inputs', 'rebuilt'] if state.get(column) %}
    '{{ state[column] }}' as {{ column }},
    {% endfor %}
    {{ content }} as content;
{% endmacro %}
