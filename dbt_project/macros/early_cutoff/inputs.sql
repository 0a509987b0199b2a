{#- Hashes of the inputs of a node, and of the content of the relations that it reads. -#}

{#-
  The current node, built from `texts` and `parents` (unique ids):
    inputs       hash of all its inputs; none where the content of a parent is not known
    definition   hash of its texts and those of all upstream nodes, without their rows
    noted        its state when it was last built; none if it never was
    parents      the states of its parents, by node
-#}
{% macro current_state(parents, texts) %}
  {% set states = noted_states([model.unique_id] + parents) %}
  {% set noted = states.pop(model.unique_id, none) %}
  {{ return({
    'inputs': inputs_hash(parents, states, texts),
    'definition': definition_hash(parents, states, texts),
    'noted': noted,
    'parents': states,
  }) }}
{% endmacro %}


{% macro needs_rebuild(state) %}
  {{ return(
    flags.FULL_REFRESH or state.noted is none or state.inputs is none or state.inputs != state.noted.inputs
  ) }}
{% endmacro %}


{% macro inputs_hash(parents, states, texts) %}
  {% set inputs = ['dbt ' ~ dbt_version] + texts %}
  {% for parent in parents | sort %}
    {% if parent in states and states[parent].content is not none %}
      {% do inputs.append(parent ~ '=' ~ states[parent].content) %}
    {% elif parent.startswith('seed.') %}
      {% set seed = graph.nodes[parent] %}
      {% do inputs.append(parent ~ '=' ~ seed.checksum.checksum ~ seed.config.column_types) %}
    {% else %}
      {{ return(none) }}
    {% endif %}
  {% endfor %}
  {{ return(local_md5(inputs | join('\n'))) }}
{% endmacro %}


{% macro definition_hash(parents, states, texts) %}
  {% set definitions = [] + texts %}
  {% for parent in parents | sort if parent in states %}
    {% do definitions.append(parent ~ '=' ~ states[parent].definition) %}
  {% endfor %}
  {{ return(local_md5(definitions | join('\n'))) }}
{% endmacro %}


{#- The texts of a model's files that define its relation; `hooks` are those that run only when it is rebuilt. -#}
{% macro texts_of_model(sql, hooks=[]) %}
  {% set texts = [sql, model.description, model.constraints | string, model.config.contract | string] %}
  {% for name, column in model.columns.items() %}
    {% do texts.append([name, column.data_type, column.description, column.constraints] | string) %}
  {% endfor %}
  {% for hook in hooks %}
    {% do texts.append(render(hook.get('sql'))) %}
  {% endfor %}
  {{ return(texts) }}
{% endmacro %}


{#- The parents that a model's SQL reads. A parent that only a comment names must exist, for a hook. -#}
{% macro parents_read(sql) %}
  {% set read = [] %}
  {% set code = modules.re.sub('-- depends_on:.*', '', sql) %}
  {% for parent in model.depends_on.nodes if (graph.nodes[parent] or graph.sources[parent]).relation_name in code %}
    {% do read.append(parent) %}
  {% endfor %}
  {{ return(read) }}
{% endmacro %}


{#- The content of a relation as a SQL expression: count of rows and sum of their hashes, whatever their order. -#}
{% macro content_of(relation) -%}
  (
    select count(*) || ' rows ' || coalesce(sum(cast({{ key_hash(['held']) }} as hugeint)), 0)
    from {{ relation }} as held
  )
{%- endmacro %}
