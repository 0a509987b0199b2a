{#
  When each of several statements about one thing is the one that counts: the mechanism behind every recorded range.

  statements  a relation with `id` and `key` columns, recorded_from and recorded_to (null: still in force); half-open
  key         columns that name the thing stated (a fair; a sender, period and form): never null
  order_by    which of two statements in force at once speaks, best first: a total order
  id          columns that name a statement within its key

  Gives id, recorded_from, recorded_to and is_current. At every moment the best of the statements then in force speaks,
  so the ranges of a key never overlap, and what they say up to a moment depends on nothing received after it: this is
  why order of arrival cannot matter. A statement may speak twice (a better one came and was withdrawn) and then has
  two rows. One that never spoke has one row with an empty range (from = to).

  Nearly every key has one statement, which speaks from its beginning to its end: those are told by one grouping, and
  only the rest goes the long way.
#}
{% macro recorded_ranges(statements, key, order_by, id=['row_id']) -%}
{%- set keys = key | join(', ') -%}
  with grouped_statements as materialized (
    select
      {{ keys }},
      {% for column in id if column not in key -%}
      any_value({{ column }}) as {{ column }},
      {% endfor -%}
      any_value(recorded_from) as recorded_from,
      any_value(recorded_to) as recorded_to,
      count(*) = 1{% for column in key %} and {{ column }} is not null{% endfor %} as is_alone
    from {{ statements }}
    group by {{ keys }}
  ),

  placed as (
    select
      {{ keys }},
      {% for column in id if column not in key -%}
      {{ column }},
      {% endfor -%}
      recorded_from,
      recorded_to,
      row_number() over (partition by {{ keys }} order by {{ order_by }}) as place
    from {{ statements }} as together
    where
      exists (
        select 1 from grouped_statements
        where
          not grouped_statements.is_alone
          {% for column in key -%}
          and grouped_statements.{{ column }} is not distinct from together.{{ column }}
          {% endfor %}
      )
  ),

  moments as (
    select {{ keys }}, recorded_from as moment from placed
    union
    select {{ keys }}, recorded_to as moment from placed where recorded_to is not null
  ),

  -- No place: nothing is in force at the moment.
  speakers as (
    select
      {% for column in key -%}
      moments.{{ column }},
      {% endfor -%}
      moments.moment,
      lead(moments.moment) over (
        partition by {% for column in key %}moments.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        order by moments.moment
      ) as next_moment,
      min(placed.place) as place
    from moments
    left join placed
      on
        {% for column in key -%}
        moments.{{ column }} = placed.{{ column }}
        and {% endfor -%}
        placed.recorded_from <= moments.moment
        and coalesce(placed.recorded_to, timestamp 'infinity') > moments.moment
    group by {% for column in key %}moments.{{ column }}, {% endfor %}moments.moment
  ),

  -- Equal within a run of moments at which one statement goes on speaking.
  numbered as (
    select
      *,
      row_number() over (partition by {{ keys }} order by moment)
      - row_number() over (partition by {{ keys }}, place order by moment) as run
    from speakers
  ),

  runs as (
    select
      {{ keys }},
      place,
      min(moment) as recorded_from,
      case when count(*) = count(next_moment) then max(next_moment) end as recorded_to
    from numbered
    where place is not null
    group by {{ keys }}, place, run
  )

  select
    {% for column in id -%}
    {{ column }},
    {% endfor -%}
    recorded_from,
    recorded_to,
    recorded_to is null as is_current
  from grouped_statements
  where is_alone

  union all

  select
    {% for column in id -%}
    placed.{{ column }},
    {% endfor -%}
    coalesce(runs.recorded_from, placed.recorded_from) as recorded_from,
    case when runs.place is null then placed.recorded_from else runs.recorded_to end as recorded_to,
    runs.place is not null and runs.recorded_to is null as is_current
  from placed
  left join runs
    on
      {% for column in key -%}
      placed.{{ column }} = runs.{{ column }}
      and {% endfor -%}
      placed.place = runs.place
{%- endmacro %}


{#- Is `row` in force at a moment (UTC)? -#}
{% macro is_known_at(row, moment) -%}
  {{ row }}.recorded_from <= {{ moment }} and coalesce({{ row }}.recorded_to, timestamp 'infinity') > {{ moment }}
{%- endmacro %}
