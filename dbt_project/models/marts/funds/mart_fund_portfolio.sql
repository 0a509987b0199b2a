with loans as (
  select
    province_key,
    period_code,
    fund_code,
    count(*) as loan_count,
    count(distinct borrower_code) as borrower_count,
    sum(outstanding_vnd) as listed_outstanding_vnd,
    sum(overdue_vnd) as overdue_vnd,
    {{ ratio('sum(rate_per_year_pct * outstanding_vnd)', 'sum(outstanding_vnd)') }} as average_rate_pct
  from {{ ref('fct_fund_loan') }}
  where is_current
  group by province_key, period_code, fund_code
),

borrowers as (
  select
    province_key,
    period_code,
    fund_code,
    sum(outstanding_vnd) as outstanding_vnd,
    row_number() over (
      partition by province_key, period_code, fund_code
      order by sum(outstanding_vnd) desc, borrower_code asc
    ) as place
  from {{ ref('fct_fund_loan') }}
  where is_current
  group by province_key, period_code, fund_code, borrower_code
),

concentration as (
  select
    province_key,
    period_code,
    fund_code,
    max(outstanding_vnd) as largest_borrower_vnd,
    sum(outstanding_vnd) filter (where place <= 5) as top_five_vnd
  from borrowers
  group by province_key, period_code, fund_code
),

positions as (
  select
    position.*,
    position.debt_group_3_vnd + position.debt_group_4_vnd + position.debt_group_5_vnd as bad_debt_vnd
  from {{ ref('fct_fund_position') }} as position
  where position.is_current
)

select
  positions.row_id,
  positions.fund_code,
  fund.fund_name,
  positions.province_key,
  province.province_name,
  'as_reported' as basis,
  positions.period_code,
  positions.charter_registered_vnd,
  positions.charter_paid_vnd,
  requirement.minimum_charter_vnd,
  positions.charter_registered_vnd < requirement.minimum_charter_vnd as is_below_minimum,
  cast(greatest(requirement.minimum_charter_vnd - positions.charter_registered_vnd, 0) as decimal(24, 0))
    as charter_shortfall_vnd,
  positions.equity_vnd,
  positions.opening_outstanding_vnd,
  positions.disbursed_vnd,
  positions.repaid_vnd,
  positions.written_off_vnd,
  positions.outstanding_vnd,
  cast(positions.bad_debt_vnd as decimal(24, 0)) as bad_debt_vnd,
  {{ percentage('positions.bad_debt_vnd', 'positions.outstanding_vnd') }} as bad_debt_ratio_pct,
  positions.provision_vnd,
  {{ percentage('positions.provision_vnd', 'positions.bad_debt_vnd') }} as provision_coverage_pct,
  coalesce(loans.loan_count, 0) as loan_count,
  coalesce(loans.borrower_count, 0) as borrower_count,
  cast(loans.listed_outstanding_vnd as decimal(24, 0)) as listed_outstanding_vnd,
  cast(loans.overdue_vnd as decimal(24, 0)) as overdue_vnd,
  loans.average_rate_pct as average_rate_per_year_pct,
  cast(concentration.largest_borrower_vnd as decimal(24, 0)) as largest_borrower_vnd,
  {{ percentage('concentration.largest_borrower_vnd', 'loans.listed_outstanding_vnd') }}
    as largest_borrower_share_pct,
  {{ percentage('concentration.top_five_vnd', 'loans.listed_outstanding_vnd') }}
    as top_five_borrowers_share_pct,
  {{ percentage('concentration.largest_borrower_vnd', 'positions.charter_paid_vnd') }}
    as largest_borrower_to_charter_pct
from positions
inner join {{ ref('dim_fund') }} as fund on positions.fund_code = fund.fund_code
inner join {{ ref('dim_period') }} as period on positions.period_code = period.period_code
inner join {{ ref('dim_province_version') }} as province
  on
    positions.province_key = province.province_key
    and {{ is_valid_on('province', 'period.ends_on') }}
left join {{ ref('dim_fund_requirement') }} as requirement
  on
    requirement.scope = 'province'
    and {{ is_valid_on('requirement', 'period.ends_on') }}
left join loans
  on
    positions.province_key = loans.province_key
    and positions.period_code = loans.period_code
    and positions.fund_code = loans.fund_code
left join concentration
  on
    positions.province_key = concentration.province_key
    and positions.period_code = concentration.period_code
    and positions.fund_code = concentration.fund_code
