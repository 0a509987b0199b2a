{#
  When each of several statements about one thing is the one that counts: the mechanism behind every recorded range.

  statements  a relation with recorded_from and recorded_to (null: still in force; half-open) and is_current
  key         columns that name the thing stated (a fair; a sender, period and form): never null
  order_by    which of two statements in force at once speaks, best first: a total order

  Gives the statements with their ranges told anew: recorded_from, recorded_to and is_current. At every moment the best
  of the statements then in force speaks, so the ranges of a key never overlap, and what they say up to a moment depends
  on nothing received after it: this is why order of arrival cannot matter. A statement may speak twice (a better one
  came and was withdrawn) and then has two rows. One that never spoke has one row with an empty range (from = to).

  Nearly every key has one statement, which speaks from its beginning to its end. Those are let through; only keys whose
  hash occurs more than once go the long way, which is exact for whatever comes along it.
#}
{% macro recorded_ranges(statements, key, order_by) -%}
{%- set keys = key | join(', ') -%}
  with contested as materialized (
    select {{ key_hash(key) }} as key_hash
    from {{ statements }}
    group by {{ key_hash(key) }}
    having count(*) > 1
  ),

  placed as (
    select
      *,
      row_number() over (partition by {{ keys }} order by {{ order_by }}) as statement_rank
    from {{ statements }}
    where {{ key_hash(key) }} in (select key_hash from contested)
  ),

  moments as (
    select {{ keys }}, recorded_from as moment from placed
    union
    select {{ keys }}, recorded_to as moment from placed where recorded_to is not null
  ),

  -- No rank: nothing is in force at the moment.
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
      min(placed.statement_rank) as statement_rank
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
      - row_number() over (partition by {{ keys }}, statement_rank order by moment) as run
    from speakers
  ),

  runs as (
    select
      {{ keys }},
      statement_rank,
      min(moment) as recorded_from,
      case when count(*) = count(next_moment) then max(next_moment) end as recorded_to
    from numbered
    where statement_rank is not null
    group by {{ keys }}, statement_rank, run
  )

  select * replace (recorded_to is null as is_current)
  from {{ statements }}
  where {{ key_hash(key) }} not in (select key_hash from contested)

  union all

  select
    placed.* exclude (statement_rank) replace (
      coalesce(runs.recorded_from, placed.recorded_from) as recorded_from,
      case when runs.statement_rank is null then placed.recorded_from else runs.recorded_to end as recorded_to,
      runs.statement_rank is not null and runs.recorded_to is null as is_current
    )
  from placed
  left join runs
    on
      {% for column in key -%}
      placed.{{ column }} = runs.{{ column }}
      and {% endfor -%}
      placed.statement_rank = runs.statement_rank
{%- endmacro %}


{#- Is `row` in force at a moment (UTC)? -#}
{% macro is_known_at(row, moment) -%}
  {{ row }}.recorded_from <= {{ moment }} and coalesce({{ row }}.recorded_to, timestamp 'infinity') > {{ moment }}
{%- endmacro %}
