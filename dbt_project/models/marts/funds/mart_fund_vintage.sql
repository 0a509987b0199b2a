with loans as (
  select
    *,
    cast(extract(year from signed_on) as integer) as signed_year
  from {{ ref('fct_fund_loan') }}
  where is_current
)

select
  md5(concat_ws('|', loans.province_key, loans.period_code, loans.fund_code, loans.signed_year)) as vintage_key,
  loans.fund_code,
  fund.fund_name,
  loans.province_key,
  province.province_name,
  loans.period_code,
  loans.signed_year,
  count(*) as loan_count,
  cast(sum(loans.principal_vnd) as decimal(24, 0)) as principal_vnd,
  cast(sum(loans.repaid_vnd) as decimal(24, 0)) as repaid_vnd,
  cast(sum(loans.written_off_vnd) as decimal(24, 0)) as written_off_vnd,
  cast(sum(loans.outstanding_vnd) as decimal(24, 0)) as outstanding_vnd,
  cast(sum(loans.overdue_vnd) as decimal(24, 0)) as overdue_vnd,
  cast(coalesce(sum(loans.outstanding_vnd) filter (where loans.is_bad_debt), 0) as decimal(24, 0)) as bad_debt_vnd,
  {{ percentage(
    'coalesce(sum(loans.outstanding_vnd) filter (where loans.is_bad_debt), 0)', 'sum(loans.outstanding_vnd)'
  ) }}
    as bad_debt_ratio_pct,
  {{ percentage('sum(loans.repaid_vnd)', 'sum(loans.disbursed_vnd)') }} as repaid_share_pct
from loans
left join {{ ref('dim_fund') }} as fund on loans.fund_code = fund.fund_code
inner join {{ ref('dim_province') }} as province on loans.province_key = province.province_key
group by
  loans.province_key, province.province_name, loans.period_code, loans.fund_code, fund.fund_name, loans.signed_year
