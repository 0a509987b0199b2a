{#- `materialized: cached_view`: a view; for downstream nodes its content is the hash of its inputs. -#}
{% materialization cached_view, adapter='duckdb' %}
  {% set relation = this.incorporate(type='view') %}
  {% set state = current_state(parents_read(compiled_code), texts_of_model(compiled_code)) %}
  {% if needs_rebuild(state) or not exists_as(relation) %}
    {% call statement('main') %}
      {{ drop_existing(relation) }}
      {{ create_view_as(relation, compiled_code) }}
      {{ assert_primary_key(relation) }}
      {{ note_state(state, "'" ~ state.inputs ~ "'" if state.inputs else 'null') }}
    {% endcall %}
    {{ adapter.commit() }}
  {% else %}
    {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
  {% endif %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}
