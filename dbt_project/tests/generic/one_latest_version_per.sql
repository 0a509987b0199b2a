{# Exactly one latest version per key. #}
{% test one_latest_version_per(model, partition_by) %}
  {% set keys = partition_by | join(', ') %}
  select
    {{ keys }},
    count(*) filter (where is_latest_version) as latest_count
  from {{ model }}
  group by {{ keys }}
  having count(*) filter (where is_latest_version) <> 1
{% endtest %}
