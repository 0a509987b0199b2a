{#
  Which of several statements about one thing counts, and from when to when. Every range recorded_from .. recorded_to
  comes from here, or straight from the statement (int_submission_form_recorded) that this macro ranked.

  statements  a relation with recorded_from and recorded_to (null: still in force; half-open) and is_current
  key         what the statement is about (a fair; a sender, period and form): expressions of columns that the model
              keeps, so that the ranges can be checked in what it builds
  order_by    which of two statements in force at once counts, best first: a total order. By default the latest period,
              of equally late ones the shortest

  Returns the statements with recorded_from, recorded_to and is_current recomputed. At every moment the best of the
  statements then in force counts, so the ranges of a key never overlap. Up to a moment they do not depend on anything
  received later, so the order of arrival does not matter. A statement may count twice (a better one was received and
  withdrawn) and then has two rows. One that never counted has one row with an empty range (from = to).

  Nearly every key has one statement, which counts over its whole range and passes unchanged; only keys whose hash
  occurs more than once are resolved.

  Calling the macro sets `meta.recorded_key` of the model (a model whose ranges come from elsewhere sets it itself), and
  finish_recorded() below adds checks and the as-of macro.
#}
{% macro recorded_ranges(
  statements,
  key,
  order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc'
) -%}
{%- do config(meta={'recorded_key': key}) -%}
{%- set names = [] -%}
{%- for expression in key %}{% do names.append('key_' ~ loop.index) %}{% endfor -%}
{%- set keys = names | join(', ') -%}
  with contested as materialized (
    select {{ key_hash(key) }} as key_hash
    from {{ statements }}
    group by {{ key_hash(key) }}
    having count(*) > 1
  ),

  placed as (
    select
      *,
      {% for expression in key -%}
      {{ expression }} as {{ names[loop.index0] }},
      {% endfor -%}
      row_number() over (partition by {{ key | join(', ') }} order by {{ order_by }}) as statement_rank
    from {{ statements }}
    where {{ key_hash(key) }} in (select key_hash from contested)
  ),

  moments as (
    select {{ keys }}, recorded_from as moment from placed
    union
    select {{ keys }}, recorded_to as moment from placed where recorded_to is not null
  ),

  -- No rank: nothing is in force at the moment.
  counting as (
    select
      {% for name in names -%}
      moments.{{ name }},
      {% endfor -%}
      moments.moment,
      lead(moments.moment) over (
        partition by {% for name in names %}moments.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
        order by moments.moment
      ) as next_moment,
      min(placed.statement_rank) as statement_rank
    from moments
    left join placed
      on
        {% for name in names -%}
        moments.{{ name }} is not distinct from placed.{{ name }}
        and {% endfor -%}
        placed.recorded_from <= moments.moment
        and coalesce(placed.recorded_to, timestamp 'infinity') > moments.moment
    group by {% for name in names %}moments.{{ name }}, {% endfor %}moments.moment
  ),

  -- Equal within a run of moments at which one statement counts.
  numbered as (
    select
      *,
      row_number() over (partition by {{ keys }} order by moment)
      - row_number() over (partition by {{ keys }}, statement_rank order by moment) as run
    from counting
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
    placed.* exclude (statement_rank, {{ keys }}) replace (
      coalesce(runs.recorded_from, placed.recorded_from) as recorded_from,
      case when runs.statement_rank is null then placed.recorded_from else runs.recorded_to end as recorded_to,
      runs.statement_rank is not null and runs.recorded_to is null as is_current
    )
  from placed
  left join runs
    on
      {% for name in names -%}
      placed.{{ name }} is not distinct from runs.{{ name }}
      and {% endfor -%}
      placed.statement_rank = runs.statement_rank
{%- endmacro %}


{#- Is `row` in force at a moment (UTC)? -#}
{% macro is_known_at(row, moment) -%}
  {{ row }}.recorded_from <= {{ moment }} and coalesce({{ row }}.recorded_to, timestamp 'infinity') > {{ moment }}
{%- endmacro %}


{#
  Joins the version of an organisation, as `cooperative`, that was valid on the day of a fact's row, as known today.

  row   the relation joined to, with period_ends_on
  code  its column with the organisation's code
  day   an expression of columns of the fact, and period_ends_on

  The `_as_of` sibling of the fact joins the version known at its moment by the same code and day (`meta.cooperative`).
#}
{% macro join_cooperative(row, code, day) -%}
{%- do config(meta={'cooperative': [code, day]}) -%}
{%- do ref('dim_period') -%}
  left join {{ ref('dim_cooperative') }} as cooperative
    on
      {{ row }}.{{ code }} = cooperative.org_code
      and {{ is_valid_on('cooperative', day) }}
{%- endmacro %}


{#-
  The post-hook of every model with recorded ranges (`+post-hook` of all models): its ranges are
  checked, and a fact gets the sibling <name without fct_>_as_of(recorded_at), which is checked as well.
-#}
{% macro finish_recorded() %}
  {% set key = model.config.meta.get('recorded_key') %}
  {% if key %}
    {{ assert_recorded_ranges(this, key) }}
    {% if model.name.startswith('fct_') %}
      {% set sibling = model.name.removeprefix('fct_') ~ '_as_of' %}
      {% set no_past = columns_without_past() %}
      {{ create_as_of(sibling, this, model.config.meta.get('cooperative'), no_past) }};
      {{ assert_future_is_current(this, sibling, no_past) }}
    {% endif %}
  {% elif execute and 'recorded_to' in model.columns and model.name.startswith(('fct_', 'dim_')) %}
    {{ exceptions.raise_compiler_error(
      model.name ~ ' has recorded_to, but its ranges do not come from recorded_ranges(), nor does it set'
      ~ ' meta.recorded_key'
    ) }}
  {% endif %}
{% endmacro %}


{#- Keys that only current submissions define: they cannot be looked up as of a past moment. -#}
{% macro columns_without_past() %}
  {% set looked_up = ['partner_key'] + ([] if model.config.meta.get('cooperative') else ['cooperative_key']) %}
  {{ return(model.columns | select('in', looked_up) | list) }}
{% endmacro %}


{#- Statements that fail where two rows of one key are in force at once, or is_current is not the open range. -#}
{% macro assert_recorded_ranges(relation, key) %}
  with contested as (
    select {{ key_hash(key) }} as key_hash
    from {{ relation }}
    group by {{ key_hash(key) }}
    having count(*) > 1
  ),

  ranges as (
    select
      concat_ws(', ', {{ key | join(', ') }}) as subject,
      recorded_to,
      lead(recorded_from) over (partition by {{ key | join(', ') }} order by recorded_from, recorded_to) as next_from
    from {{ relation }}
    where
      {{ key_hash(key) }} in (select key_hash from contested)
      and (recorded_to is null or recorded_to > recorded_from)
  )

  select error('{{ relation.identifier }}: recorded ranges overlap: ' || subject)
  from (select subject from ranges where next_from < coalesce(recorded_to, timestamp 'infinity') limit 1);
  {% if 'is_current' in model.columns %}
  select error('{{ relation.identifier }}: is_current is not the range that is still open')
  from (select 1 from {{ relation }} where is_current is distinct from (recorded_to is null) limit 1);
  {% endif %}
{% endmacro %}


{#- A statement that fails if the sibling of a fact, for the far future, returns other rows than the current ones. -#}
{% macro assert_future_is_current(relation, sibling, left_out) %}
  {% set known = "(select * from marts." ~ sibling ~ "('9999-01-01'))" %}
  {% set kept = '*' ~ (' exclude (' ~ left_out | join(', ') ~ ')' if left_out else '') %}
  {% set current = '(select ' ~ kept ~ ' from ' ~ relation ~ ' where is_current)' %}
  select error('{{ sibling }}() of the far future has other rows than are current')
  from (select 1 where {{ content_of(known) }} <> {{ content_of(current) }});
{% endmacro %}
