{#
  Valid ranges of one subject never overlap: days, both ends inclusive, an open end unbounded. Recorded ranges are
  checked when they are built (macros/recorded_ranges.sql).
#}
{% test ranges_do_not_overlap(model, partition_by, valid_from, valid_to) %}
  {% set keys = partition_by | join(', ') %}
  with ranges as (
    select
      *,
      lead({{ valid_from }}) over (partition by {{ keys }} order by {{ valid_from }} nulls first) as next_from
    from {{ model }}
  )

  select *
  from ranges
  where
    ({{ valid_to }} is null and next_from is not null)
    or {{ valid_to }} >= next_from
    or {{ valid_to }} < {{ valid_from }}
{% endtest %}
