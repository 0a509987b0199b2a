{#
  Table macros over fct_organisation_count, in schema `marts`. They name tables as `marts.<table>` without a database, so a
  release made by copying tables can create them again from what DuckDB itself keeps:

      select function_name, parameters, macro_definition from duckdb_functions()
      where schema_name = 'marts' and function_type = 'table_macro'
#}

{% macro organisation_count_measures() -%}
  {{ return([
    'opening_count', 'founded_count', 'converted_in_count', 'dissolved_count', 'converted_out_count', 'closing_count',
    'operating_count', 'stopped_count', 'member_count', 'worker_count',
  ]) }}
{%- endmacro %}


{#- What was known at a moment (UTC): organisation_count_as_of('2021-12-02'). Rows as in fct_organisation_count. -#}
{% macro create_organisation_count_as_of() -%}
  create or replace macro marts.organisation_count_as_of(recorded_at) as table
  select *
  from marts.fct_organisation_count
  where
    recorded_from <= cast(recorded_at as timestamp)
    and (recorded_to is null or recorded_to > cast(recorded_at as timestamp))
{%- endmacro %}


{#-
  Current counts on another map. Scheme '34' (or '2025') sums the provinces of the map of 63 into their successors; every
  measure is additive over provinces, so the sums are exact. Scheme '63' gives the reports as they came, for the
  periods of that map; later reports have no counterpart there and are left out.
-#}
{% macro organisation_count_restated_sql(counts, successors, scheme) -%}
  select
    {{ scheme }} as scheme,
    case when {{ scheme }} in ('34', '2025') then coalesce(successor.successor_province_key, counted.province_key)
      else counted.province_key end as province_key,
    counted.period_code,
    counted.org_type_code,
    counted.sector_code,
    count(distinct counted.province_key) as reporting_province_count,
    {% for measure in organisation_count_measures() -%}
      cast(sum(counted.{{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
  from {{ counts }} as counted
  left join {{ successors }} as successor on counted.province_key = successor.predecessor_province_key
  where
    counted.is_current
    and (
      {{ scheme }} in ('34', '2025')
      or ({{ scheme }} = '63' and starts_with(counted.province_key, '63-'))
    )
  group by all
{%- endmacro %}


{% macro create_organisation_count_restated() -%}
  create or replace macro marts.organisation_count_restated(scheme) as table
  {{ organisation_count_restated_sql(
    'marts.fct_organisation_count', 'marts.bridge_province_successor', 'cast(scheme as varchar)'
  ) }}
{%- endmacro %}
