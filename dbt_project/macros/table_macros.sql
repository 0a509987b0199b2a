{#
  Table macros of schema `marts`, made by post-hooks of the facts they read: questions with a moment or a map in them.
  They name tables as `marts.<table>` without a database, so a release made by copying tables can create them again from
  what DuckDB itself keeps:

      select function_name, parameters, macro_definition from duckdb_functions()
      where schema_name = 'marts' and function_type = 'table_macro'
#}

{#-
  <name>(recorded_at): the rows of `relation` that were in force at a moment (UTC), as they looked then, open-ended and
  current: row for row what the table would hold had nothing been received after that moment.

  cooperative   [column of the fact with an organisation's code, day of the row]: cooperative_key leads to the version
                known at that moment, not to what is known today. The day may use `known` and `period`.
  leave_out     columns that depend on what is known today and have no past
  is_current    which of the rows are current in valid time, where there are several for one subject
#}
{% macro create_as_of(name, relation, cooperative=none, leave_out=[], is_current='true') -%}
{%- set moment = 'cast(recorded_at as timestamp)' -%}
  create or replace macro marts.{{ name }}(recorded_at) as table
  select
    known.* {% if leave_out %}exclude ({{ leave_out | join(', ') }}) {% endif %}replace (
      {% if cooperative -%}
      cooperative.cooperative_key as cooperative_key,
      {% endif -%}
      cast(null as timestamp) as recorded_to,
      {{ is_current }} as is_current
    )
  from marts.{{ relation.identifier }} as known
  {% if cooperative -%}
  inner join marts.dim_period as period on known.period_code = period.period_code
  left join marts.dim_cooperative_history as cooperative
    on
      known.{{ cooperative[0] }} = cooperative.org_code
      and {{ is_valid_on('cooperative', cooperative[1]) }}
      and {{ is_known_at('cooperative', moment) }}
  {% endif -%}
  where {{ is_known_at('known', moment) }}
{%- endmacro %}


{#- What the latest list in force says of each member. `condition` says which rows of `memberships` (known) count. -#}
{% macro latest_member(condition, memberships, periods) -%}
  select
    known.member_key,
    known.member_kind_code,
    known.sex_code,
    known.birth_year,
    known.province_key,
    known.period_code as last_listed_period_code,
    known.row_id,
    known.artifact_sha256,
    known.sheet,
    known.row_number
  from {{ memberships }} as known
  inner join {{ periods }} as period on known.period_code = period.period_code
  where {{ condition }}
  qualify row_number() over (
    partition by known.member_key
    order by
      period.ends_on desc, period.starts_on desc, known.province_key asc, known.row_number asc, known.row_id asc
  ) = 1
{%- endmacro %}

{% macro create_member_as_of() -%}
  create or replace macro marts.member_as_of(recorded_at) as table
  {{ latest_member(
    is_known_at('known', 'cast(recorded_at as timestamp)'), 'marts.fct_membership', 'marts.dim_period'
  ) }}
{%- endmacro %}


{#- The same for funds. -#}
{% macro latest_fund(condition, positions, periods) -%}
  select
    known.fund_code,
    known.fund_name,
    known.fund_model_code,
    known.province_key,
    known.period_code as last_listed_period_code,
    known.row_id,
    known.artifact_sha256,
    known.sheet,
    known.row_number
  from {{ positions }} as known
  inner join {{ periods }} as period on known.period_code = period.period_code
  where {{ condition }}
  qualify row_number() over (
    partition by known.fund_code
    order by
      period.ends_on desc, period.starts_on desc, known.province_key asc, known.row_number asc, known.row_id asc
  ) = 1
{%- endmacro %}

{% macro create_fund_as_of() -%}
  create or replace macro marts.fund_as_of(recorded_at) as table
  {{ latest_fund(
    is_known_at('known', 'cast(recorded_at as timestamp)'), 'marts.fct_fund_position', 'marts.dim_period'
  ) }}
{%- endmacro %}


{#
  Figures on another map. Every measure is an aggregate over the rows of all provinces that make up the target, so sums
  are exact and ratios are made again from their parts; nothing is averaged. What has no parts to be made from does not
  appear. `tests/only_additive_measures_are_restated.sql` holds the list against the additivity of the indicators.
#}
{% macro restated_measures(table) -%}
  {%- set sums = {
    'fct_organisation_count': [
      'opening_count', 'founded_count', 'converted_in_count', 'dissolved_count', 'converted_out_count', 'closing_count',
      'operating_count', 'stopped_count', 'member_count', 'worker_count',
    ],
    'fct_fund_position': [
      'charter_registered_vnd', 'charter_paid_vnd', 'equity_vnd', 'other_sources_vnd', 'opening_outstanding_vnd',
      'disbursed_vnd', 'repaid_vnd', 'written_off_vnd', 'outstanding_vnd', 'debt_group_1_vnd', 'debt_group_2_vnd',
      'debt_group_3_vnd', 'debt_group_4_vnd', 'debt_group_5_vnd', 'provision_vnd',
    ],
    'fct_fund_loan': [
      'principal_vnd', 'disbursed_vnd', 'repaid_vnd', 'written_off_vnd', 'outstanding_vnd', 'overdue_vnd',
    ],
    'fct_trade_fair': [
      'booth_count', 'cooperative_participant_count', 'other_participant_count', 'visitor_count', 'contract_count',
      'contract_value_vnd',
    ],
  } -%}
  {%- set bad_debt = 'sum(fact.debt_group_3_vnd + fact.debt_group_4_vnd + fact.debt_group_5_vnd)' -%}
  {%- set made = {
    'fct_organisation_count': {
      'operating_share_pct': 'cast(100.0 * sum(fact.operating_count) / nullif(sum(fact.closing_count), 0) as decimal(12, 6))',
    },
    'fct_fund_position': {
      'fund_count': 'count(*)',
      'bad_debt_vnd': 'cast(' ~ bad_debt ~ ' as decimal(24, 0))',
      'bad_debt_ratio_pct': 'cast(100.0 * ' ~ bad_debt ~ ' / nullif(sum(fact.outstanding_vnd), 0) as decimal(12, 6))',
    },
    'fct_fund_loan': {
      'loan_count': 'count(*)',
      'borrower_count': 'count(distinct fact.borrower_code)',
      'bad_debt_vnd': 'cast(coalesce(sum(fact.outstanding_vnd) filter (where fact.is_bad_debt), 0) as decimal(24, 0))',
      'average_rate_per_year_pct': 'cast(sum(fact.rate_per_year_pct * fact.outstanding_vnd) '
        ~ '/ nullif(sum(fact.outstanding_vnd), 0) as decimal(12, 6))',
    },
    'fct_trade_fair': {'fair_count': 'count(*)'},
  } -%}
  {%- set measures = {} -%}
  {%- for column in sums[table] -%}
    {%- do measures.update({
      column: 'cast(sum(fact.' ~ column ~ ') as ' ~ ('decimal(24, 0)' if column.endswith('_vnd') else 'bigint') ~ ')'
    }) -%}
  {%- endfor -%}
  {%- do measures.update(made[table]) -%}
  {{ return(measures) }}
{%- endmacro %}


{#-
  scheme '34' or '2025'  the provinces of the map of 63 in their successors; later reports as they came
  scheme '63'            as reported, on the map of 63; later reports have no counterpart there and are left out

  `relations` has fact, province and count (fct_organisation_count: a province whose counts are known has reported);
  `known` says which rows of them are in force.
-#}
{% macro restated_sql(table, dimensions, scheme, known='@.is_current', relations=none) -%}
  {%- set relations = relations or {
    'fact': 'marts.' ~ table, 'province': 'marts.dim_province', 'count': 'marts.fct_organisation_count'
  } -%}
  with places as (
    select
      province_key,
      province_map,
      case when {{ scheme }} = '63' then province_key else coalesce(successor_province_key, province_key) end as target_key
    from {{ relations.province }}
    where {{ scheme }} <> '63' or province_map = '63'
  ),

  parts as (
    select
      target_key,
      province_map,
      count(*) as expected_province_count
    from places
    group by target_key, province_map
  ),

  reported as (
    select
      places.target_key,
      counted.period_code,
      count(distinct counted.province_key) as reporting_province_count
    from {{ relations.count }} as counted
    inner join places on counted.province_key = places.province_key
    where {{ known | replace('@', 'counted') }}
    group by places.target_key, counted.period_code
  )

  select
    min({{ scheme }}) as scheme,
    min(case when {{ scheme }} = '63' then 'as_reported' else 'restated_34' end) as basis,
    places.target_key as province_key,
    fact.period_code,
    {% for dimension in dimensions -%}
    fact.{{ dimension }},
    {% endfor -%}
    coalesce(min(reported.reporting_province_count), count(distinct fact.province_key)) as reporting_province_count,
    min(parts.expected_province_count) as expected_province_count,
    coalesce(min(reported.reporting_province_count), 0) = min(parts.expected_province_count) as is_complete,
    {% for name, expression in restated_measures(table).items() -%}
      {{ expression }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
  from {{ relations.fact }} as fact
  inner join places on fact.province_key = places.province_key
  inner join parts
    on
      places.target_key = parts.target_key
      and places.province_map = parts.province_map
  left join reported
    on
      places.target_key = reported.target_key
      and fact.period_code = reported.period_code
  where
    {{ known | replace('@', 'fact') }}
    and case
      when {{ scheme }} in ('34', '2025', '63') then true
      else error('no such map: ' || {{ scheme }} || '; ask for 34 (or 2025), or 63')
    end
  group by places.target_key, fact.period_code{% for dimension in dimensions %}, fact.{{ dimension }}{% endfor %}
{%- endmacro %}


{#- <name>(scheme): current figures. <name>(scheme, recorded_at): as known at a moment (UTC). -#}
{% macro create_restated(name, relation, dimensions=[]) -%}
  create or replace macro marts.{{ name }}
  (scheme) as table (
    {{ restated_sql(relation.identifier, dimensions, 'cast(scheme as varchar)', '@.is_current') }}
  ),
  (scheme, recorded_at) as table (
    {{ restated_sql(
      relation.identifier, dimensions, 'cast(scheme as varchar)', is_known_at('@', 'cast(recorded_at as timestamp)')
    ) }}
  )
{%- endmacro %}


{#- The provinces of a day, by the names and types they had: 63 or 34 rows. -#}
{% macro create_province_on() -%}
  create or replace macro marts.province_on(day) as table
  select *
  from marts.dim_province_version as version
  where {{ is_valid_on('version', 'cast(day as date)') }}
{%- endmacro %}


{#-
  One indicator on the map of 34, all periods. What is neither additive over provinces nor made from parts is refused:
  an average, a rank or a percentage of a merged province is no sum and no mean of the former ones.
-#}
{% macro create_indicator_restated() -%}
  create or replace macro marts.indicator_restated(indicator) as table
  select series.*
  from marts.mart_province_series as series
  where
    series.basis = 'restated_34'
    and series.indicator_code = (
      select
        case
          when count(*) = 0 then error('no such indicator: ' || indicator || '; see dim_indicator')
          when
            bool_or(known.is_additive_over_provinces)
            or exists (
              select 1 from marts.mart_province_series as made
              where made.basis = 'restated_34' and made.indicator_code = indicator
            )
            then indicator
          else error(
            indicator || ' is not additive and has no parts to be made from: it is not restated to the map of 34'
          )
        end
      from marts.dim_indicator as known
      where known.indicator_code = indicator
    )
{%- endmacro %}
