{#-
  `materialized: cached_table`: a dbt table that is not rebuilt if none of its inputs has changed. It is
  replaced in place, in one transaction with its state: the build file is not read while it is written.
-#}
{% materialization cached_table, adapter='duckdb' %}
  {% set relation = this.incorporate(type='table') %}
  {% set state = current_state(
    parents_read(compiled_code), texts_of_model(compiled_code, pre_hooks + post_hooks)
  ) %}
  {% if needs_rebuild(state) or not exists_as(relation) %}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
      {{ drop_existing(relation) }}
      {{ create_table_as(false, relation, compiled_code) }}
      {{ assert_primary_key(relation) }}
      {{ note_state(state, content_of(relation)) }}
    {% endcall %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
  {% else %}
    {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
  {% endif %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{% macro exists_as(relation) %}
  {{ return((load_cached_relation(relation) or {}).type == relation.type) }}
{% endmacro %}


{% macro drop_existing(relation) %}
  {% set existing = load_cached_relation(relation) %}
  {% if existing is not none %}
    drop {{ existing.type }} {{ existing }};
  {% endif %}
{% endmacro %}
