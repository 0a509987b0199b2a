{#
  Validity or recorded ranges of one subject never overlap. Ranges are half-open [from, to) unless `inclusive` (days);
  an empty range (from = to) contains no moment and is left out. An open end is unbounded.
#}
{% test ranges_do_not_overlap(model, partition_by, valid_from, valid_to, inclusive=false) %}
  {% set keys = partition_by | join(', ') %}
  with ranges as (
    select
      *,
      lead({{ valid_from }}) over (partition by {{ keys }} order by {{ valid_from }} nulls first) as next_from
    from {{ model }}
    where
      {{ is_affected(partition_by) }}
      {% if not inclusive -%}
      and ({{ valid_to }} is null or {{ valid_to }} > {{ valid_from }})
      {%- endif %}
  )

  select *
  from ranges
  where
    ({{ valid_to }} is null and next_from is not null)
    or {{ valid_to }} {{ '>=' if inclusive else '>' }} next_from
    {% if inclusive -%}
    or {{ valid_to }} < {{ valid_from }}
    {%- endif %}
{% endtest %}
