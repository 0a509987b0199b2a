{#-
  A data test is not run again where it passed on the same data. dbt allows no other materialization for tests than
  `test`, so this is a dispatched macro (what SQL a test runs) and a hook at the end of a run (which tests passed).
-#}

{#- dbt asks for the SQL of a data test here. `main_sql` is the compiled test, with its limit. -#}
{% macro duckdb__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
  {% set state = current_state(model.depends_on.nodes, [sql]) %}
  {% if not needs_rebuild(state) %}
    select 0 as failures, false as should_warn, false as should_error
  {% else %}
    {% if passed_before_increment(state) %}
      {% set main_sql = restricted_to_affected(main_sql) %}
    {% endif %}
    {{ default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) }}
  {% endif %}
{% endmacro %}


{#- Did the test pass on its table as it was before some keys were rebuilt, and has nothing else changed since? -#}
{% macro passed_before_increment(state) %}
  {% set tested = state.parents.get(model.attached_node, {}) %}
  {% if flags.FULL_REFRESH or not state.noted or not tested.get('previous_content') %}
    {{ return(false) }}
  {% endif %}
  {% set before = dict(state.parents) %}
  {% do before.update({model.attached_node: dict(tested, content=tested.previous_content)}) %}
  {{ return(state.noted.inputs == inputs_hash(model.depends_on.nodes, before, [sql])) }}
{% endmacro %}


{#- on-run-end: notes the data tests that passed, with what they were run on. -#}
{% macro note_passed_tests(results) %}
  {% set states = noted_states(graph.nodes.keys() | list + graph.sources.keys() | list) if execute else {} %}
  {% set passed = [] %}
  {% for result in results if result.node.resource_type == 'test' and result.status == 'pass' %}
    {% set inputs = inputs_hash(result.node.depends_on.nodes, states, [result.node.compiled_code]) %}
    {% if inputs %}
      {% do passed.append("('" ~ result.node.unique_id ~ "', '" ~ inputs ~ "', 'passed')") %}
    {% endif %}
  {% endfor %}
  {% if passed %}
    create or replace temporary table passed_test as
    from (values {{ passed | join(', ') }}) as test (node, inputs, content);
    delete from early_cutoff.node_state where node in (select node from passed_test);
    insert into early_cutoff.node_state by name from passed_test;
  {% endif %}
{% endmacro %}
