{#
  Early cut-off: a table is built again only if something it is made from has changed, and a test of data runs again
  only if something it looks at has.

  What a node is made from (`inputs`) is its compiled SQL, its hooks, its contract and descriptions, and the content of
  everything it reads: rows of tables as a hash that knows no order, committed files of the raw zone by name (they never
  change), seeds by the checksum of their file. So a table that is left alone is the table that building it would give,
  and what was changed and came out the same ends the chain of changes there. Both are written to `meta.built` in the
  transaction that writes the table: whatever a run that was killed left is taken up where it stood.

  Content is a sum of 64-bit hashes, one a row, with the count of rows: a change is overlooked with a chance of 1 in
  2^64. `dbt build --full-refresh` builds everything, and so does the first build by another version of DuckDB.

  Where new rows come to a table of millions, it is not built again but for what they touch. The model says so in
  `meta.increment`:

  parts          a relation of what comes together (a workbook, an organisation in it), with `fixed` and `content`:
                 `content` is a fingerprint of all that rows of a part are told with, `fixed` of what says which rows
                 they are and what their keys are made from
  part           columns that name a part, in `parts` and in `rows`
  key            columns: rows with different keys have nothing to do with each other
  rows           relations that, joined by artifact_sha256, hold the key columns of every row of every part
  told_by_parts  other parents of which `content` tells every change of rows

  (by_submission() and by_statement() give these where rows depend on nothing but one workbook, or one province's
  statements for a period), and its SQL keeps, by is_affected(), to the keys that stand in a new or changed part. They
  are deleted and told anew; all others have the same rows as before. A test of data that looks at each key by itself
  (is_affected() with just these columns) looks at them alone, where it passed on the table as it was. If a part is gone, `fixed` differs, or the definition of anything behind the
  table has changed (SQL, declared columns), the whole table is built.
#}

{#- What earlier runs built, by node. One query for a node and what it refers to. -#}
{% macro built_nodes(nodes) %}
  {% set built = {} %}
  {% set found = run_query(
    "select node, inputs, base, definition, content, grown_from from meta.built where node in ('"
    ~ nodes | join("', '") ~ "')"
  ) %}
  {% for row in found.rows %}
    {% do built.update({row['node']: {
      'inputs': row['inputs'], 'base': row['base'], 'definition': row['definition'], 'content': row['content'],
      'grown_from': row['grown_from'],
    }}) %}
  {% endfor %}
  {{ return(built) }}
{% endmacro %}


{#- What a node is made from, as one hash; nothing (none) where the content of one of `parents` is not known. -#}
{% macro inputs_of(parents, built, texts) %}
  {% set parts = ['dbt ' ~ dbt_version] + texts %}
  {% for parent in parents | sort %}
    {% if parent in built and built[parent].content is not none %}
      {% do parts.append(parent ~ '=' ~ built[parent].content) %}
    {% elif parent.startswith('seed.') %}
      {% set seed = graph.nodes[parent] %}
      {% do parts.append(parent ~ '=' ~ seed.checksum.checksum ~ seed.config.column_types) %}
    {% else %}
      {{ return(none) }}
    {% endif %}
  {% endfor %}
  {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{#- A hash of what a node is told by, without what it is told: its own texts and those of everything behind it. -#}
{% macro definition_of(parents, built, texts) %}
  {% set parts = [] + texts %}
  {% for parent in parents | sort if parent in built %}
    {% do parts.append(parent ~ '=' ~ built[parent].definition) %}
  {% endfor %}
  {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{#- What a model's own files say of its table. -#}
{% macro texts_of(node, sql, hooks) %}
  {% set texts = [sql, node.description, node.constraints | string, node.config.contract | string] %}
  {% for name, column in node.columns.items() %}
    {% do texts.append([name, column.data_type, column.description, column.constraints] | string) %}
  {% endfor %}
  {% for hook in hooks %}
    {% do texts.append(render(hook.get('sql'))) %}
  {% endfor %}
  {{ return(texts) }}
{% endmacro %}


{#- The parents that a model's SQL reads. What is named in a comment only has to be there for a hook. -#}
{% macro parents_read(node, sql) %}
  {% set read = [] %}
  {% set code = modules.re.sub('-- depends_on:.*', '', sql) %}
  {% for parent in node.depends_on.nodes %}
    {% if (graph.nodes[parent] or graph.sources[parent]).relation_name in code %}
      {% do read.append(parent) %}
    {% endif %}
  {% endfor %}
  {{ return(read) }}
{% endmacro %}


{% macro is_anew(node, built, inputs) %}
  {{ return(
    inputs is none
    or flags.FULL_REFRESH
    or node not in built
    or built[node].inputs != inputs
  ) }}
{% endmacro %}


{#- Content of a relation, whatever the order of its rows. -#}
{% macro content_of(relation) -%}
  (select {{ content_of_group('held') }} from {{ relation }} as held)
{%- endmacro %}

{#- The same as an aggregate over the rows `row` of a group. -#}
{% macro content_of_group(row) -%}
  count(*) || ' rows ' || coalesce(sum(cast({{ key_hash([row]) }} as hugeint)), 0)
{%- endmacro %}


{#- Statements that note what a node was made from and what came out; of a table, also its name and primary key. -#}
{% macro note_built(
  node, inputs, content, relation=none, primary_key=[], base=none, definition='', way='whole', grown_from=none
) %}
  delete from meta.built where node = '{{ node }}';
  insert into meta.built
  select
    '{{ node }}',
    {{ "'" ~ inputs ~ "'" if inputs else 'null' }},
    {{ "'" ~ base ~ "'" if base else 'null' }},
    '{{ definition }}',
    {{ content }},
    {{ "'" ~ grown_from ~ "'" if grown_from else 'null' }},
    '{{ way }}',
    {{ "'" ~ relation.schema ~ "'" if relation else 'null' }},
    {{ "'" ~ relation.identifier ~ "'" if relation else 'null' }},
    {{ "['" ~ primary_key | join("', '") ~ "']" if primary_key else '[]' }};
{% endmacro %}


{#- Before a run: the table of what was built, without what the project does not hold any more. -#}
{% macro prepare_built() %}
  {% if execute %}
    {% set nodes = graph.nodes.values() | list %}
    {% do run_query('create schema if not exists meta') %}
    {# What an older version of this file noted in another shape is forgotten: everything is built once more. #}
    {% set shapes = {
      'built': [
        'node varchar', 'inputs varchar', 'base varchar', 'definition varchar', 'content varchar', 'grown_from varchar',
        'way varchar', 'schema_name varchar', 'table_name varchar', 'primary_key varchar[]',
      ],
      'parts': ['node varchar', 'part varchar', 'fixed varchar', 'content varchar'],
      'affected': ['node varchar', 'key_hash ubigint'],
    } %}
    {% for table, columns in shapes.items() %}
      {% set found = run_query(
        "select string_agg(column_name || ' ' || lower(data_type), ', ' order by column_index) from duckdb_columns()"
        ~ " where database_name = current_database() and schema_name = 'meta' and table_name = '" ~ table ~ "'"
      ).rows[0][0] %}
      {% if found != columns | join(', ') %}
        {% do run_query('create or replace table meta.' ~ table ~ ' (' ~ columns | join(', ') ~ ')') %}
      {% endif %}
    {% endfor %}
    {% set tables = nodes | selectattr('resource_type', 'in', ['model', 'seed']) | list %}
    {% set left = run_query(
      "select type, schema_name, name from ("
      ~ " select 'table' as type, schema_name, table_name as name from duckdb_tables()"
      ~ " where database_name = current_database() and not internal union all"
      ~ " select 'view', schema_name, view_name from duckdb_views()"
      ~ " where database_name = current_database() and not internal)"
      ~ " where schema_name in ('" ~ tables | map(attribute='schema') | unique | join("', '") ~ "')"
      ~ " and schema_name || '.' || name not in ('"
      ~ (tables | map(attribute='relation_name') | join("', '") | replace('"', '') | replace(target.database ~ '.', ''))
      ~ "')"
    ) %}
    {% for row in left.rows %}
      {% do run_query('drop ' ~ row['type'] ~ ' ' ~ row['schema_name'] ~ '.' ~ row['name']) %}
    {% endfor %}
    {# Another version may hash, round or sort in another way. #}
    {% do run_query(
      "delete from meta.built where not exists (from meta.built where node = 'duckdb' and content = version())"
    ) %}
    {% do run_query(
      "delete from meta.built where not starts_with(node, 'source.') and node not in ('"
      ~ nodes | map(attribute='unique_id') | join("', '") ~ "')"
    ) %}
    {% do run_query("insert into meta.built (node, content) values ('duckdb', version())") %}
  {% endif %}
{% endmacro %}


{#- Restricts the rows of a model with `meta.increment`, or of a test of it, to affected keys where that is enough. -#}
{% macro is_affected(columns) -%}
  true /*affected {{ key_hash(columns) }} in (select key_hash from affected)*/
{%- endmacro %}

{#- SQL with the restriction in force, to the keys that were told anew when `node` was last built. -#}
{% macro of_affected(sql, node) -%}
  {{ sql
    | replace('true /*affected ', '')
    | replace('(select key_hash from affected)*/', "(select key_hash from meta.affected where node = '" ~ node ~ "')")
  }}
{%- endmacro %}


{#- `meta.increment` of the staging model of a form: a row depends on its file; `sources` are its raw tables. -#}
{% macro by_artifact(sources) %}
  {{ return({
    'parts': 'stg_artifact', 'part': ['artifact_sha256'], 'key': ['artifact_sha256'], 'rows': ['stg_artifact'],
    'told_by_parts': sources,
  }) }}
{% endmacro %}


{#- `meta.increment` of a model each of whose rows is told by one workbook; `told` are its parents of such rows. -#}
{% macro by_submission(told) %}
  {{ return({
    'parts': 'int_submission', 'part': ['artifact_sha256'], 'key': ['artifact_sha256'], 'rows': ['int_submission'],
    'told_by_parts': told,
  }) }}
{% endmacro %}


{#- The same where a row is told by what one province said for one period, in whatever forms. -#}
{% macro by_statement(told) %}
  {{ return({
    'parts': 'int_submission_form_recorded', 'part': ['artifact_sha256', 'form'], 'key': ['province_key', 'period_code'],
    'rows': ['int_submission_form_recorded'], 'told_by_parts': ['int_submission'] + told,
  }) }}
{% endmacro %}


{% macro parents_not_in_parts(parents, increment) %}
  {% set told = [increment.parts] + increment.rows + increment.get('told_by_parts', []) %}
  {% set others = [] %}
  {% for parent in parents if parent.split('.')[-1] not in told %}
    {% do others.append(parent) %}
  {% endfor %}
  {{ return(others) }}
{% endmacro %}


{% macro part_of(relation, columns) -%}
  concat_ws('|', {% for column in columns %}{{ relation }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{#- Is every part that the table of a node was made from still there, with the same rows and keys? -#}
{% macro only_grew(node, increment) %}
  {% set found = run_query(
    "select count(*) as known, count(*) filter (where old.fixed is distinct from new.fixed) as moved"
    ~ " from meta.parts as old left join " ~ ref(increment.parts) ~ " as new"
    ~ " on old.part = " ~ part_of('new', increment.part) ~ " where old.node = '" ~ node ~ "'"
  ).rows[0] %}
  {{ return(found['known'] > 0 and found['moved'] == 0) }}
{% endmacro %}


{#- Statements that tell anew, in a table that is there, the keys that stand in new or changed parts. -#}
{% macro tell_affected(relation, node, increment, sql) %}
  delete from meta.affected where node = '{{ node }}';
  insert into meta.affected
  select distinct
    '{{ node }}',
    {{ key_hash(increment.key) }}
  from {{ ref(increment.rows[0]) }}
  {% for name in increment.rows[1:] %}
    inner join {{ ref(name) }} using (artifact_sha256)
  {% endfor %}
  inner join (
    select {% for column in increment.part %}new.{{ column }}{{ ", " if not loop.last }}{% endfor %}
    from {{ ref(increment.parts) }} as new
    left join meta.parts as old
      on
        {{ part_of('new', increment.part) }} = old.part
        and old.node = '{{ node }}'
    where old.content is distinct from new.content
  ) using ({{ increment.part | join(', ') }});
  delete from {{ relation }} where {{ of_affected(is_affected(increment.key), node) }};
  insert into {{ relation }} by name (
    {{ of_affected(sql, node) }}
  );
{% endmacro %}


{#- Statements that note the parts that the table of a node is made from. -#}
{% macro note_parts(node, increment) %}
  delete from meta.parts where node = '{{ node }}';
  insert into meta.parts
  select '{{ node }}', {{ part_of('new', increment.part) }}, fixed, content from {{ ref(increment.parts) }} as new;
{% endmacro %}


{#- Columns of the primary key that a model's contract declares, of one column or of the table. -#}
{% macro primary_key_of(node) %}
  {% for constraint in node.constraints if constraint.type == 'primary_key' %}
    {{ return(constraint.columns) }}
  {% endfor %}
  {% set key = [] %}
  {% for column in node.columns.values() %}
    {% for constraint in column.constraints if constraint.type == 'primary_key' %}
      {% do key.append(column.name) %}
    {% endfor %}
  {% endfor %}
  {{ return(key) }}
{% endmacro %}


{#-
  The columns of a contract. The primary key is looked at once the rows are there (assert_unique), not by an index that
  is kept while they come: of six million rows that takes one second and not seventeen.
-#}
{% macro columns_ddl(primary_key) %}
  {% for column in model.columns.values() %}
    {% set is_required = column.name in primary_key or 'not_null' in column.constraints | map(attribute='type') %}
    {{ column.name }} {{ column.data_type }} {{ 'not null' if is_required }} {{ ',' if not loop.last }}
  {% endfor %}
{% endmacro %}


{#- A statement that fails, as the contract's primary key would, where two rows have one key. -#}
{% macro assert_unique(relation, key) %}
  {% if key %}
    select
      error('{{ relation.identifier }}: more than one row has the primary key ({{ key | join(", ") }}) = ' || twice)
    from (
      select concat_ws(', ', {{ key | join(', ') }}) as twice
      from {{ relation }}
      group by {{ key | join(', ') }}
      having count(*) > 1
      limit 1
    );
  {% endif %}
{% endmacro %}


{#- Descriptions of a model with a contract, all at once: dbt's own `persist_docs` asks for its columns twice. -#}
{% macro comments_on(relation) %}
  {% if config.persist_relation_docs() and model.description %}
    {{ alter_relation_comment(relation, model.description) }}
  {% endif %}
  {% if config.persist_column_docs() %}
    {% for column in model.columns.values() if column.description %}
      comment on column {{ relation }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
    {% endfor %}
  {% endif %}
{% endmacro %}


{#-
  A table, as dbt makes it, but not made again from the same. Replaces dbt's own materialization of this name: the
  tables are not renamed into place, for nobody reads the build file while it is written.
-#}
{% materialization table, adapter='duckdb' %}
  {% set target_relation = this.incorporate(type='table') %}
  {% set node = model.unique_id %}
  {% set parents = parents_read(model, compiled_code) %}
  {% set built = built_nodes([node] + parents) %}
  {% set primary_key = primary_key_of(model) %}
  {% set texts = texts_of(model, compiled_code, pre_hooks + post_hooks) %}
  {% set inputs = inputs_of(parents, built, texts) %}
  {% set definition = definition_of(parents, built, texts) %}
  {% set is_there = (load_cached_relation(this) or {}).type == 'table' %}

  {% if is_anew(node, built, inputs) or not is_there %}
    {% set increment = config.get('meta', {}).get('increment') %}
    {% set base = none %}
    {% if increment %}
      {# What parts do not tell of a parent that grew itself: a code list that one of its rows is named by. #}
      {% set behind = [definition] %}
      {% for parent in parents | sort if parent.split('.')[-1] in increment.get('told_by_parts', []) %}
        {% do behind.append(parent ~ '=' ~ built.get(parent, {}).base) %}
      {% endfor %}
      {% set base = inputs_of(parents_not_in_parts(parents, increment), built, behind) %}
    {% endif %}
    {% if
      is_there and not flags.FULL_REFRESH and base and base == built.get(node, {}).base and only_grew(node, increment)
    %}
      {% set way = 'affected' %}
    {% else %}
      {% set way = 'whole' %}
    {% endif %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
      {{ drop_of_other_type(target_relation) }}
      {% if way == 'affected' %}
        {{ tell_affected(target_relation, node, increment, compiled_code) }}
        {{ assert_unique(target_relation, primary_key) }}
      {% elif config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(compiled_code) }}
        create or replace table {{ target_relation }} ({{ columns_ddl(primary_key) }});
        insert into {{ target_relation }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
        {{ assert_unique(target_relation, primary_key) }}
        {{ comments_on(target_relation) }}
      {% else %}
        create or replace table {{ target_relation }} as ({{ compiled_code }}
      );
      {% endif %}
      {{ note_built(
        node, inputs, content_of(target_relation), target_relation, primary_key, base, definition, way,
        grown_from=built[node].content if way == 'affected'
      ) }}
      {{ note_parts(node, increment) if increment }}
    {% endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
  {% else %}
    {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
  {% endif %}

  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- A view, for what is read once or twice and costs more to keep than to read. Its content is what it is made from. -#}
{% materialization view, adapter='duckdb' %}
  {% set target_relation = this.incorporate(type='view') %}
  {% set node = model.unique_id %}
  {% set parents = parents_read(model, compiled_code) %}
  {% set built = built_nodes([node] + parents) %}
  {% set texts = texts_of(model, compiled_code, []) %}
  {% set inputs = inputs_of(parents, built, texts) %}
  {% set definition = definition_of(parents, built, texts) %}
  {% if is_anew(node, built, inputs) or (load_cached_relation(this) or {}).type != 'view' %}
    {% call statement('main') %}
      {{ drop_of_other_type(target_relation) }}
      create or replace view {{ target_relation }} as ({{ compiled_code }}
      );
      {{ note_built(
        node, inputs, "'" ~ inputs ~ "'" if inputs else 'null', target_relation, definition=definition
      ) }}
    {% endcall %}
    {{ adapter.commit() }}
  {% else %}
    {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
  {% endif %}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- What was a view and is a table now, or the other way round. -#}
{% macro drop_of_other_type(relation) %}
  {% set existing = load_cached_relation(relation) %}
  {% if existing is not none and existing.type != relation.type %}
    drop {{ existing.type }} {{ relation }};
  {% endif %}
{% endmacro %}


{#-
  The SQL of a test, kept to the keys that its table was told anew for, if it passed on the table as it was before.
  What is not marked by is_affected() with the very columns of the key looks at all rows.
-#}
{% macro sql_of_test(node, tested, nodes, built, sql) %}
  {% set grown_from = built.get(tested, {}).grown_from %}
  {% if grown_from and node in built and not flags.FULL_REFRESH %}
    {% set before = dict(built) %}
    {% do before.update({tested: dict(built[tested], content=grown_from)}) %}
    {% if built[node].inputs == inputs_of(nodes, before, [sql]) %}
      {% set mark = is_affected(graph.nodes[tested].config.meta.increment.key) %}
      {{ return(sql | replace(mark, of_affected(mark, tested))) }}
    {% endif %}
  {% endif %}
  {{ return(sql) }}
{% endmacro %}


{#- A test of data, as dbt runs it, but not run again on the same once it passed. Failures are not stored. -#}
{% materialization test, adapter='duckdb' %}
  {% set node = model.unique_id %}
  {% set built = built_nodes([node] + model.depends_on.nodes) %}
  {% set inputs = inputs_of(model.depends_on.nodes, built, [sql]) %}
  {% set main_sql %}
    {{ get_limit_subquery_sql(
      sql_of_test(node, model.attached_node, model.depends_on.nodes, built, sql), config.get('limit')
    ) }}
  {% endset %}
  {% if is_anew(node, built, inputs) %}
    {% call statement('main', fetch_result=True) %}
      {{ get_test_sql(main_sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
    {% endcall %}
    {% if load_result('main').table.rows[0]['failures'] == 0 %}
      {% call statement('note') %}
        {{ note_built(node, inputs, "'passed'") }}
      {% endcall %}
      {{ adapter.commit() }}
    {% endif %}
  {% else %}
    {% call statement('main', fetch_result=True) %}
      select 0 as failures, false as should_warn, false as should_error
    {% endcall %}
  {% endif %}
  {{ return({'relations': []}) }}
{% endmaterialization %}
