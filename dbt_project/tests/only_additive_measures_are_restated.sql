-- Every measure that the restating macros sum is additive over provinces; the others are among the few ratios that are
-- recomputed from their parts. Additivity is declared in the seeds: where an indicator is no longer additive there,
-- this test fails until its measure is no longer summed.
with summed (table_name, column_name) as (
  values
  {% for table in ['fct_organisation_count', 'fct_fund_position', 'fct_fund_loan', 'fct_trade_fair'] %}
  {% set outer_last = loop.last %}
  {% for column, expression in restated_measures(table).items()
    if expression.startswith('cast(sum(fact.' ~ column ~ ')') %}
  ('{{ table }}', '{{ column }}'){{ ',' if not (outer_last and loop.last) }}
  {% endfor %}
  {% endfor %}
)

select
  summed.table_name,
  summed.column_name,
  indicator.additivity
from summed
left join {{ ref('measures') }} as measure
  on
    summed.table_name = measure.table_name
    and summed.column_name = measure.column_name
left join {{ ref('dim_indicator') }} as indicator on measure.indicator_code = indicator.indicator_code
where not coalesce(indicator.is_additive_over_provinces, false)
