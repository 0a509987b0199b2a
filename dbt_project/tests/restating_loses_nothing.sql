-- Restating loses no figure: every national sum on the map of 34 equals the sum as reported, today and as of the far
-- future, and the restated marts for clients without macros are equal to it.
{% set restated = {
  'organisation_count_restated': 'fct_organisation_count', 'fund_position_restated': 'fct_fund_position',
  'fund_loan_restated': 'fct_fund_loan', 'trade_fair_restated': 'fct_trade_fair',
} %}
-- depends_on: {{ ref('mart_organisation_count_restated') }}
{% for macro, table in restated.items() %}
{% for column in restated_measures(table) if column.endswith(('_count', '_vnd')) and column not in
  ['fund_count', 'loan_count', 'fair_count', 'borrower_count', 'bad_debt_vnd'] %}
select
  '{{ macro }}.{{ column }}' as measure,
  stated.reported,
  today.restated,
  known.restated as known
from (select sum({{ column }}) as reported from {{ ref(table) }} where is_current) as stated
cross join (select sum({{ column }}) as restated from marts.{{ macro }}('34')) as today
cross join (select sum({{ column }}) as restated from marts.{{ macro }}('2025', '9999-01-01')) as known
where
  stated.reported is distinct from today.restated
  or stated.reported is distinct from known.restated
union all
{% endfor %}
{% endfor %}
select
  'mart_organisation_count_restated' as measure,
  sum(restated.closing_count) as reported,
  null as restated,
  null as known
from (
  select * from marts.organisation_count_restated('34')
  except all
  select * from {{ ref('mart_organisation_count_restated') }}
) as restated
having count(*) > 0
union all
select
  'mart_province_series' as measure,
  series.reported,
  series.restated,
  null as known
from (
  select
    indicator_code,
    sum(indicator_value) filter (where basis = 'as_reported') as reported,
    sum(indicator_value) filter (where basis = 'restated_34') as restated
  from {{ ref('mart_province_series') }}
  where not is_made_from_parts
  group by indicator_code
) as series
where series.reported is distinct from series.restated
