{#-
  The incremental strategy `affected_keys`: of a large table only the keys of new or changed parts are rebuilt.
  Its three steps run in the one transaction of dbt's own `incremental` materialization: a pre-hook finds the affected
  keys, the strategy replaces their rows, a post-hook records the new state. README.md lists the configuration of a
  model.
-#}

{#-
  The configuration of an incremental model: `config(**incremental_by_parts(…))`.
    unique_key        columns; rows with different keys are independent of each other
    parts             relation with a row for each part (a workbook, an organisation in it) and the columns `fixed` and
                      `content`, hashes of what says which keys a part has, and of all else its rows are derived from
    part_columns      columns that name a part, in `parts` and in `keys_from`
    keys_from         relations that, joined by artifact_sha256, hold the key of every row of every part
    covered_parents   other parents whose rows change only where `content` of a part does
-#}
{% macro incremental_by_parts(unique_key, parts, part_columns, keys_from, covered_parents=[]) %}
  {% for name in [parts] + keys_from %}
    {% do ref(name) %}
  {% endfor %}
  {{ return({
    'materialized': 'incremental',
    'incremental_strategy': 'affected_keys',
    'unique_key': unique_key,
    'pre_hook': '{{ find_affected_keys() }}',
    'post_hook': '{{ note_affected_keys() }}',
    'meta': {
      'parts': parts,
      'part_columns': part_columns,
      'keys_from': keys_from,
      'covered_parents': [parts] + keys_from + covered_parents,
    },
  }) }}
{% endmacro %}


{#- The same for the staging model of a form: a row depends on its file; `sources` are its raw tables. -#}
{% macro incremental_by_artifact(sources) %}
  {{ return(incremental_by_parts(
    unique_key=['artifact_sha256'],
    parts='stg_artifact',
    part_columns=['artifact_sha256'],
    keys_from=['stg_artifact'],
    covered_parents=sources,
  )) }}
{% endmacro %}


{#- The same where each row is derived from one workbook. -#}
{% macro incremental_by_submission(covered_parents) %}
  {{ return(incremental_by_parts(
    unique_key=['artifact_sha256'],
    parts='int_submission',
    part_columns=['artifact_sha256'],
    keys_from=['int_submission'],
    covered_parents=covered_parents,
  )) }}
{% endmacro %}


{#- The same where a row is derived from what one province stated for one period, in whatever forms. -#}
{% macro incremental_by_statement(covered_parents) %}
  {{ return(incremental_by_parts(
    unique_key=['province_key', 'period_code'],
    parts='int_submission_form_recorded',
    part_columns=['artifact_sha256', 'form'],
    keys_from=['int_submission_form_recorded'],
    covered_parents=['int_submission'] + covered_parents,
  )) }}
{% endmacro %}


{#-
  A condition that limits an increment of an incremental model to affected keys; `columns` contain the key.
-#}
{% macro is_affected(columns) -%}
  {%- if model.resource_type == 'model' and is_incremental() -%}
    {{ in_affected_keys(columns) }}
  {%- else -%}
    true
  {%- endif -%}
{%- endmacro %}

{% macro in_affected_keys(columns) -%}
  {{ key_hash(columns) }} in (select key_hash from early_cutoff.affected_key where node = '{{ model.unique_id }}')
{%- endmacro %}

{#- SQL of an incremental model for a full build of its table. -#}
{% macro without_restriction(sql) %}
  {{ return(modules.re.sub('[^\s]+\([^()]*\) in \(select key_hash from early_cutoff[^()]*\)', 'true', sql)) }}
{% endmacro %}


{#- Pre-hook: records what is to be rebuilt, and the affected keys if there are any. -#}
{% macro find_affected_keys() %}
  {% if execute %}
    {% set node = model.unique_id %}
    {% set meta = config.get('meta') %}
    {% set state = planned_state() %}
    {{ note_state(state, "'" ~ state.noted.content ~ "'" if state.rebuilt == 'nothing' else 'null') }}
    {% if state.rebuilt == 'whole' %}
      delete from early_cutoff.node_part where node = '{{ node }}';
    {% endif %}
    delete from early_cutoff.affected_key where node = '{{ node }}';
    {% if is_incremental() and state.rebuilt != 'nothing' %}
      insert into early_cutoff.affected_key
      select distinct
        '{{ node }}',
        {{ key_hash(config.get('unique_key')) }}
      from {{ ref(meta.keys_from[0]) }}
      {% for name in meta.keys_from[1:] %}
        inner join {{ ref(name) }} using (artifact_sha256)
      {% endfor %}
      inner join (
        select part.{{ meta.part_columns | join(', part.') }}
        from {{ ref(meta.parts) }} as part
        left join early_cutoff.node_part as noted on {{ is_part_of(node) }}
        where noted.content is distinct from part.content
      ) using ({{ meta.part_columns | join(', ') }});
    {% endif %}
  {% endif %}
{% endmacro %}


{#-
  The state of the current node with the value of `rebuilt`: `nothing`; `affected`, the rows of affected keys; or
  `whole`, the whole table, because it does not exist, a part was removed or has other keys, or an input that no part
  covers has changed.
-#}
{% macro planned_state() %}
  {% set code = without_restriction(compiled_code) %}
  {% set parents = parents_read(code) %}
  {% set state = current_state(parents, texts_of_model(code)) %}
  {% do state.update(other_inputs=other_inputs_hash(parents, state), rebuilt='whole') %}
  {% if is_incremental() and not needs_rebuild(state) %}
    {% do state.update(rebuilt='nothing') %}
  {% elif
    is_incremental() and state.noted and state.other_inputs
    and state.other_inputs == state.noted.other_inputs and parts_remain()
  %}
    {% do state.update(rebuilt='affected') %}
  {% endif %}
  {{ return(state) }}
{% endmacro %}


{#- All upstream inputs of the current node except the rows that its parts cover. -#}
{% macro other_inputs_hash(parents, state) %}
  {% set others = [] %}
  {% set texts = [state.definition] %}
  {% for parent in parents %}
    {% if parent.split('.')[-1] not in config.get('meta').covered_parents %}
      {% do others.append(parent) %}
    {% else %}
      {# Inputs that the parts of a covered parent do not cover, such as a code list with names for its rows. #}
      {% do texts.append(parent ~ '=' ~ state.parents.get(parent, {}).other_inputs) %}
    {% endif %}
  {% endfor %}
  {{ return(inputs_hash(others, state.parents, texts)) }}
{% endmacro %}


{#- Do all parts that the table was built from still exist, with the same keys? -#}
{% macro parts_remain() %}
  {% set found = run_query(
    "select count(*) as noted, count(*) filter (where noted.fixed is distinct from part.fixed) as moved"
    ~ " from early_cutoff.node_part as noted left join " ~ ref(config.get('meta').parts) ~ " as part"
    ~ " on " ~ is_part_of(model.unique_id) ~ " where noted.node = '" ~ model.unique_id ~ "'"
  ).rows[0] %}
  {{ return(found['noted'] > 0 and found['moved'] == 0) }}
{% endmacro %}

{#- `part` of the parts relation is the `noted` one. -#}
{% macro is_part_of(node) -%}
  noted.node = '{{ node }}' and noted.part = {{ part_name() }}
{%- endmacro %}

{% macro part_name() -%}
  concat_ws('|', part.{{ config.get('meta').part_columns | join(', part.') }})
{%- endmacro %}


{#- The strategy, called where the table exists and dbt has put the rows of the model's SQL into a temporary table. -#}
{% macro get_incremental_affected_keys_sql(arguments) %}
  {% set target_relation = arguments['target_relation'] %}
  {% set rebuilt = noted_states([model.unique_id])[model.unique_id].rebuilt %}
  {% if rebuilt == 'affected' %}
    delete from {{ target_relation }} where {{ in_affected_keys(arguments['unique_key']) }};
    insert into {{ target_relation }} by name (select * from {{ arguments['temp_relation'] }});
  {% elif rebuilt == 'whole' %}
    drop table {{ target_relation }};
    {{ create_table_as(false, target_relation, 'select * from ' ~ arguments['temp_relation']) }}
  {% endif %}
  drop table {{ arguments['temp_relation'] }};
{% endmacro %}


{#- Post-hook: checks the key, records the content of the table and the parts that it is built from. -#}
{% macro note_affected_keys() %}
  {% if execute and noted_states([model.unique_id])[model.unique_id].rebuilt != 'nothing' %}
    {% set node = model.unique_id %}
    {{ assert_primary_key(this) }}
    update early_cutoff.node_state set content = {{ content_of(this) }} where node = '{{ node }}';
    delete from early_cutoff.node_part where node = '{{ node }}';
    insert into early_cutoff.node_part
    select '{{ node }}', {{ part_name() }}, part.fixed, part.content from {{ ref(config.get('meta').parts) }} as part;
  {% endif %}
{% endmacro %}
