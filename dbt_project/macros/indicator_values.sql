{#
  The facts in long form: one row per row of a fact, its recorded range and indicator. The seed `measures` maps columns
  to indicators; `row_id` there means "count the rows". A ratio has a numerator and a denominator, a sum has no
  denominator: both are summed over the dimensions over which the indicator is additive, and a ratio is divided
  afterwards.

  An indicator that is neither additive nor a ratio of sums is left out: it cannot be added over sectors or provinces.
#}
{% macro indicator_values() -%}
{%- set tables = {
  'fct_organisation_count': [
    'opening_count', 'founded_count', 'converted_in_count', 'dissolved_count', 'converted_out_count', 'closing_count',
    'operating_count', 'stopped_count', 'member_count', 'worker_count',
  ],
  'fct_fund_position': [
    'row_id', 'charter_registered_vnd', 'charter_paid_vnd', 'equity_vnd', 'other_sources_vnd',
    'opening_outstanding_vnd', 'disbursed_vnd', 'repaid_vnd', 'written_off_vnd', 'outstanding_vnd', 'debt_group_1_vnd',
    'debt_group_2_vnd', 'debt_group_3_vnd', 'debt_group_4_vnd', 'debt_group_5_vnd', 'provision_vnd',
  ],
  'fct_fund_loan': [
    'row_id', 'principal_vnd', 'outstanding_vnd', 'overdue_vnd',
  ],
  'fct_trade_fair': [
    'row_id', 'booth_count', 'cooperative_participant_count', 'other_participant_count', 'visitor_count',
    'contract_count', 'contract_value_vnd',
  ],
  'fct_training_course': [
    'row_id', 'hour_count', 'participant_count', 'female_count', 'ethnic_minority_count', 'state_funding_vnd',
    'other_funding_vnd',
  ],
  'fct_international_event': ['row_id', 'person_count', 'female_count', 'partner_funding_vnd', 'own_funding_vnd'],
  'fct_cooperative_model': ['row_id', 'area_ha', 'support_vnd'],
  'fct_dissolution_case': ['row_id', 'debt_vnd', 'undivided_assets_vnd'],
  'fct_need': ['row_id'],
  'fct_public_service': ['row_id', 'beneficiary_count', 'value_vnd'],
  'fct_inspection': ['row_id', 'finding_count', 'recommendation_count', 'recovery_vnd'],
  'fct_complaint': ['row_id'],
  'fct_award': ['row_id'],
  'fct_provincial_alliance': [
    'row_id', 'staff_quota_count', 'staff_count', 'contract_staff_count', 'female_staff_count', 'budget_planned_vnd',
    'budget_spent_vnd', 'member_organisation_count', 'organisation_due_count', 'organisation_reported_count',
    'organisation_in_time_count',
  ],
} -%}
{%- set ratios = [
  ('fct_organisation_count', 'operating_share', 'BIEU_01', '100 * fact.operating_count', 'fact.closing_count'),
  ('fct_fund_position', 'bad_debt_ratio', 'BIEU_04A',
   '100 * (fact.debt_group_3_vnd + fact.debt_group_4_vnd + fact.debt_group_5_vnd)', 'fact.outstanding_vnd'),
  ('fct_fund_loan', 'loan_rate', 'BIEU_04B', 'fact.rate_per_year_pct * fact.outstanding_vnd', 'fact.outstanding_vnd'),
] -%}
  with stated as (
    {% for table, columns in tables.items() -%}
    select
      measure.indicator_code,
      measure.form,
      fact.province_key,
      fact.period_code,
      {{ indicator_dimensions(table) }},
      cast(
        case measure.column_name
          {% for column in columns -%}
          when '{{ column }}' then {{ '1' if column == 'row_id' else 'fact.' ~ column }}
          {% endfor -%}
        end as decimal(34, 6)
      ) as numerator,
      cast(null as decimal(34, 6)) as denominator,
      fact.recorded_from,
      fact.recorded_to,
      fact.is_current
    from {{ ref(table) }} as fact
    inner join {{ ref('dim_measure') }} as measure on measure.table_name = '{{ table }}'

    union all

    {% endfor -%}
    {% for table, indicator, form, numerator, denominator in ratios -%}
    select
      '{{ indicator }}' as indicator_code,
      '{{ form }}' as form,
      fact.province_key,
      fact.period_code,
      {{ indicator_dimensions(table) }},
      cast({{ numerator }} as decimal(34, 6)) as numerator,
      cast({{ denominator }} as decimal(34, 6)) as denominator,
      fact.recorded_from,
      fact.recorded_to,
      fact.is_current
    from {{ ref(table) }} as fact
    {{ 'union all' if not loop.last }}
    {% endfor %}
  ),

  sector_groups (sector_group) as (
    values ('total'), ('agriculture'), ('non_agriculture')
  )

  select
    stated.indicator_code,
    stated.form,
    stated.province_key,
    stated.period_code,
    stated.org_type_code,
    sector_groups.sector_group as sector_code,
    stated.numerator,
    stated.denominator,
    stated.recorded_from,
    stated.recorded_to,
    stated.is_current
  from stated
  inner join {{ ref('dim_indicator') }} as indicator on stated.indicator_code = indicator.indicator_code
  inner join sector_groups on sector_groups.sector_group in ('total', stated.own_group)
  where
    stated.numerator is not null
    and (indicator.is_additive_over_provinces or stated.denominator is not null)
{%- endmacro %}


{#- Only counts of organisations have a type and a sector; every other fact is about the province as a whole. -#}
{% macro indicator_dimensions(table) -%}
  {%- if table == 'fct_organisation_count' -%}
      fact.org_type_code,
      case when fact.sector_code = 'agriculture' then 'agriculture' else 'non_agriculture' end as own_group
  {%- else -%}
      cast(null as varchar) as org_type_code,
      cast(null as varchar) as own_group
  {%- endif -%}
{%- endmacro %}
