{#-
  A data test is not run again if it passed on the same data. dbt allows no other materialization for tests than
  `test`, so this is a dispatched macro (what SQL a test runs) and a hook at the end of a run (which tests passed).
-#}

{#- dbt asks for the SQL of a data test here. `main_sql` is the compiled test, with its limit. -#}
{% macro duckdb__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
  {% set state = current_state(model.depends_on.nodes, [sql]) %}
  {% if needs_rebuild(state) %}
    {{ default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) }}
  {% else %}
    select 0 as failures, false as should_warn, false as should_error
  {% endif %}
{% endmacro %}


{#- on-run-end: records the data tests that passed, with the state of their inputs. -#}
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
