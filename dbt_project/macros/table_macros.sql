{#
  Table macros of schema `marts`, created by post-hooks of the facts they read: queries with a moment or a map as a
  parameter. They name tables as `marts.<table>` without a database, so a release, which is a copy of the tables, can
  recreate them from DuckDB's catalog:

      select function_name, parameters, macro_definition from duckdb_functions()
      where schema_name = 'marts' and function_type = 'table_macro'
#}

{#-
  <name>(recorded_at): the rows of `relation` that were in force at a moment (UTC), as they were then, open-ended and
  current: the rows that the table would contain if nothing had been received after that moment. For facts,
  finish_recorded() creates it.

  cooperative   code and day of join_cooperative(): cooperative_key leads to the version known at that moment
  leave_out     columns that depend on what is known today and have no past
#}
{% macro create_as_of(name, relation, cooperative=none, leave_out=[]) -%}
{%- set moment = 'cast(recorded_at as timestamp)' -%}
  create or replace macro marts.{{ name }}(recorded_at) as table
  select
    known.* {% if leave_out %}exclude ({{ leave_out | join(', ') }}) {% endif %}replace (
      {% if cooperative -%}
      cooperative.cooperative_key as cooperative_key,
      {% endif -%}
      {% if 'is_current' in model.columns -%}
      true as is_current,
      {% endif -%}
      cast(null as timestamp) as recorded_to
    )
  from marts.{{ relation.identifier }} as known
  {% if cooperative -%}
  inner join (select period_code, ends_on as period_ends_on from marts.dim_period) as period
    on known.period_code = period.period_code
  left join marts.dim_cooperative_history as cooperative
    on
      known.{{ cooperative[0] }} = cooperative.org_code
      and {{ is_valid_on('cooperative', cooperative[1]) }}
      and {{ is_known_at('cooperative', moment) }}
  {% endif -%}
  where {{ is_known_at('known', moment) }}
{%- endmacro %}


{#- The membership of each member in the latest list in force. `condition` selects rows of `memberships` (known). -#}
{% macro latest_member(condition, memberships, periods) -%}
  {%- set columns -%}
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
  {%- endset -%}
  {#- Nearly every member has one membership; only members whose hash occurs more than once are sorted. -#}
  with several as (
    select {{ key_hash(['known.member_key']) }} as member_hash
    from {{ memberships }} as known
    where {{ condition }}
    group by {{ key_hash(['known.member_key']) }}
    having count(*) > 1
  )

  select
    {{ columns }}
  from {{ memberships }} as known
  where
    {{ condition }}
    and {{ key_hash(['known.member_key']) }} not in (select several.member_hash from several)

  union all

  (
    select
      {{ columns }}
    from {{ memberships }} as known
    inner join {{ periods }} as period on known.period_code = period.period_code
    where
      {{ condition }}
      and {{ key_hash(['known.member_key']) }} in (select several.member_hash from several)
    qualify row_number() over (
      partition by known.member_key
      order by
        period.ends_on desc, period.starts_on desc, known.province_key asc, known.row_number asc, known.row_id asc
    ) = 1
  )
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
  are exact and ratios are recomputed from their parts; nothing is averaged. Columns without parts are left out.
  `tests/only_additive_measures_are_restated.sql` compares the list with the additivity of the indicators.
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
      'operating_share_pct': percentage('sum(fact.operating_count)', 'sum(fact.closing_count)'),
    },
    'fct_fund_position': {
      'fund_count': 'count(*)',
      'bad_debt_vnd': 'cast(' ~ bad_debt ~ ' as decimal(24, 0))',
      'bad_debt_ratio_pct': percentage(bad_debt, 'sum(fact.outstanding_vnd)'),
    },
    'fct_fund_loan': {
      'loan_count': 'count(*)',
      'borrower_count': 'count(distinct fact.borrower_code)',
      'bad_debt_vnd': 'cast(coalesce(sum(fact.outstanding_vnd) filter (where fact.is_bad_debt), 0) as decimal(24, 0))',
      'average_rate_per_year_pct': ratio('sum(fact.rate_per_year_pct * fact.outstanding_vnd)', 'sum(fact.outstanding_vnd)'),
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


{#
  The parts of a figure on another map: province_key and province_map of each part, target_key of the whole.

  province  scheme '34' or '2025': the provinces of the map of 63 in their successors, later ones as they are
            scheme '63': as reported; later provinces have no counterpart there and are left out
  region    scheme 'six_2025': regions of the map of 34, so former provinces through their successors
            schemes 'eight_traditional', 'six_2006': regions of the map of 63; a province merged from two of them
            belongs to none, so these totals end with June 2025
#}
{% macro map_places(target, scheme, relations) -%}
  {%- if target == 'province' -%}
    select
      province_key,
      province_map,
      case when {{ scheme }} = '63' then province_key else coalesce(successor_province_key, province_key) end as target_key
    from {{ relations.province }}
    where {{ map_basis(target, scheme) }} is not null and ({{ scheme }} <> '63' or province_map = '63')
  {%- else -%}
    select
      province.province_key,
      province.province_map,
      bridge.region_key as target_key
    from {{ relations.province }} as province
    inner join {{ relations.region }} as bridge
      on bridge.province_key in (province.province_key, province.successor_province_key)
    where bridge.scheme_code = case when {{ map_basis(target, scheme) }} is not null then {{ scheme }} end
  {%- endif -%}
{%- endmacro %}

{#- The map of a scheme; an unknown scheme raises an error, even if there are no rows. -#}
{% macro map_basis(target, scheme) -%}
  case
    when {{ scheme }} in ({{ "'63'" if target == 'province' else "'eight_traditional', 'six_2006'" }}) then 'as_reported'
    when {{ scheme }} in ({{ "'34', '2025'" if target == 'province' else "'six_2025'" }}) then 'restated_34'
    else error(
      'no such {{ target }} scheme: ' || {{ scheme }}
      || '; ask for {{ "34 (or 2025) or 63" if target == "province" else "six_2025, six_2006 or eight_traditional" }}'
    )
  end
{%- endmacro %}

{% macro marts_relations(table) -%}
  {{ return({
    'fact': 'marts.' ~ table, 'province': 'marts.dim_province', 'count': 'marts.fct_organisation_count',
    'region': 'marts.bridge_province_region', 'period': 'marts.dim_period',
  }) }}
{%- endmacro %}


{#-
  Rows of a fact added up on another map, per period. A province whose counts for the period are known has reported:
  `relations.count` is fct_organisation_count. `known` says which rows are in force, with @ for the relation.
-#}
{% macro restated_sql(table, dimensions, scheme, known='@.is_current', relations=none, target='province') -%}
  {%- set relations = relations or marts_relations(table) -%}
  with places as (
    {{ map_places(target, scheme, relations) }}
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
    min({{ map_basis(target, scheme) }}) as basis,
    places.target_key as {{ target }}_key,
    fact.period_code,
    {% for dimension in dimensions -%}
    fact.{{ dimension }},
    {% endfor -%}
    coalesce(min(reported.reporting_province_count), 0) as reporting_province_count,
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
  where {{ known | replace('@', 'fact') }}
  group by places.target_key, fact.period_code{% for dimension in dimensions %}, fact.{{ dimension }}{% endfor %}
{%- endmacro %}


{#- <name>(scheme): current figures. <name>(scheme, recorded_at): as known at a moment (UTC). -#}
{% macro create_restated(name, relation, dimensions=[], target='province') -%}
  create or replace macro marts.{{ name }}
  (scheme) as table (
    {{ restated_sql(relation.identifier, dimensions, 'cast(scheme as varchar)', '@.is_current', target=target) }}
  ),
  (scheme, recorded_at) as table (
    {{ restated_sql(
      relation.identifier, dimensions, 'cast(scheme as varchar)',
      is_known_at('@', 'cast(recorded_at as timestamp)'), target=target
    ) }}
  )
{%- endmacro %}


{#
  organisation_count_between(scheme, first_day, last_day): counts over any run of whole months, also one that crosses
  1 July 2025, from the monthly reports. Flows are added over the months; opening stocks are those of the first month,
  closing stocks those of the last. The map of 63 ends with June 2025. With a fourth argument, recorded_at: as known at
  that moment (UTC).
#}
{% macro organisation_count_between_sql(known) -%}
{%- set scheme, first, last = 'cast(scheme as varchar)', 'cast(first_day as date)', 'cast(last_day as date)' -%}
{%- set flows = ['founded_count', 'converted_in_count', 'dissolved_count', 'converted_out_count'] -%}
{%- set stocks = ['closing_count', 'operating_count', 'stopped_count', 'member_count', 'worker_count'] -%}
  with places as (
    {{ map_places('province', scheme, marts_relations('fct_organisation_count')) }}
  ),

  months as (
    select
      period_code,
      starts_on,
      ends_on
    from marts.dim_period
    where period_type = 'month' and starts_on >= {{ first }} and ends_on <= {{ last }}
  ),

  expected as (
    select
      places.target_key,
      count(*) as expected_report_count
    from places
    inner join marts.dim_province as province on places.province_key = province.province_key
    inner join months on {{ is_valid_on('province', 'months.ends_on') }}
    group by places.target_key
  ),

  reported as (
    select
      places.target_key,
      count(distinct (counted.province_key, counted.period_code)) as report_count
    from marts.fct_organisation_count as counted
    inner join places on counted.province_key = places.province_key
    inner join months on counted.period_code = months.period_code
    where {{ known }}
    group by places.target_key
  )

  select
    min({{ map_basis('province', scheme) }}) as basis,
    places.target_key as province_key,
    min({{ first }}) as first_on,
    min({{ last }}) as last_on,
    counted.org_type_code,
    counted.sector_code,
    min(reported.report_count) as report_count,
    min(expected.expected_report_count) as expected_report_count,
    min(reported.report_count) = min(expected.expected_report_count) as is_complete,
    cast(sum(counted.opening_count) filter (where months.starts_on = {{ first }}) as bigint) as opening_count,
    {% for flow in flows -%}
    cast(sum(counted.{{ flow }}) as bigint) as {{ flow }},
    {% endfor -%}
    {% for stock in stocks -%}
    cast(sum(counted.{{ stock }}) filter (where months.ends_on = {{ last }}) as bigint) as {{ stock }}{{ ',' if not loop.last }}
    {% endfor %}
  from marts.fct_organisation_count as counted
  inner join places on counted.province_key = places.province_key
  inner join months on counted.period_code = months.period_code
  inner join expected on places.target_key = expected.target_key
  inner join reported on places.target_key = reported.target_key
  where
    {{ known }}
    and case
      when extract(day from {{ first }}) <> 1 or extract(day from {{ last }} + 1) <> 1 or {{ first }} > {{ last }}
        then error('ask for whole months: the first day of one and the last day of the same or a later one')
      when {{ scheme }} = '63' and {{ last }} >= date '2025-07-01'
        then error('the map of 63 ended on 30 June 2025: ask for 34')
      else true
    end
  group by places.target_key, counted.org_type_code, counted.sector_code
{%- endmacro %}

{% macro create_organisation_count_between() -%}
  create or replace macro marts.organisation_count_between
  (scheme, first_day, last_day) as table (
    {{ organisation_count_between_sql('counted.is_current') }}
  ),
  (scheme, first_day, last_day, recorded_at) as table (
    {{ organisation_count_between_sql(is_known_at('counted', 'cast(recorded_at as timestamp)')) }}
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
  One indicator on the map of 34, all periods. An indicator that is neither additive over provinces nor a ratio of sums
  raises an error: an average, a rank or a percentage of a merged province is no sum and no mean of the former ones.
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
