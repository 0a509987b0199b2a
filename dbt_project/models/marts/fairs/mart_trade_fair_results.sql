with participation as (
  select
    fair_code,
    count(*) as listed_participant_count,
    sum(booth_count) as listed_booth_count,
    sum(sales_vnd) as sales_vnd
  from {{ ref('fct_trade_fair_participation') }}
  where is_current
  group by fair_code
),

contracts as (
  select
    fair_code,
    count(*) as listed_contract_count,
    count(*) filter (where contract_kind_code = 'contract') as listed_firm_contract_count,
    sum(value_vnd) as listed_contract_value_vnd
  from {{ ref('fct_contract') }}
  where
    is_current
    and contract_scope_code = 'trade_fair'
  group by fair_code
)

select
  held.fair_code,
  fair.fair_name,
  fair.place,
  held.province_key,
  province.province_name,
  'as_reported' as basis,
  held.period_code,
  held.started_on,
  held.ended_on,
  held.booth_count,
  cast(coalesce(participation.listed_booth_count, 0) as bigint) as listed_booth_count,
  held.cooperative_participant_count,
  coalesce(participation.listed_participant_count, 0) as listed_participant_count,
  held.other_participant_count,
  held.visitor_count,
  held.contract_count,
  coalesce(contracts.listed_contract_count, 0) as listed_contract_count,
  held.contract_value_vnd,
  cast(coalesce(contracts.listed_contract_value_vnd, 0) as decimal(24, 0)) as listed_contract_value_vnd,
  cast(coalesce(participation.sales_vnd, 0) as decimal(24, 0)) as sales_vnd,
  coalesce(contracts.listed_firm_contract_count, 0) as listed_firm_contract_count,
  {{ ratio('held.contract_count', 'held.booth_count') }} as contracts_per_booth,
  {{ ratio('held.contract_value_vnd', 'held.booth_count', 'decimal(24, 0)') }} as contract_value_per_booth_vnd,
  {{ ratio('coalesce(participation.sales_vnd, 0)', 'participation.listed_booth_count', 'decimal(24, 0)') }}
    as sales_per_booth_vnd
from {{ ref('fct_trade_fair') }} as held
inner join {{ ref('dim_trade_fair') }} as fair on held.fair_code = fair.fair_code
inner join {{ ref('dim_period') }} as period on held.period_code = period.period_code
inner join {{ ref('dim_province_version') }} as province
  on
    held.province_key = province.province_key
    and {{ is_valid_on('province', 'period.ends_on') }}
left join participation on held.fair_code = participation.fair_code
left join contracts on held.fair_code = contracts.fair_code
where held.is_current
