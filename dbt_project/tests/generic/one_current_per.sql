{# At most one current row per key; with `exactly`, no key without one. #}
{% test one_current_per(model, partition_by, exactly=false) %}
  {% set keys = partition_by | join(', ') %}
  select
    {{ keys }},
    count(*) filter (where is_current) as current_count
  from {{ model }}
  where {{ is_affected(partition_by) }}
  group by {{ keys }}
  having count(*) filter (where is_current) {{ '<> 1' if exactly else '> 1' }}
{% endtest %}
