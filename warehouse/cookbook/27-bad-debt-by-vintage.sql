-- vi: Các khoản vay ký năm nào xấu nhất?
-- en: Loans signed in which year are worst?
-- grain: one row per year of signing
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Bản công khai để trống số người dưới ngưỡng; tổng là mức tối thiểu. / Public: counts below the threshold are blank, sums are minimums.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from mart_fund_vintage inner join dim_period using (period_code)
  where period_type = 'month'
)

select
  vintage.signed_year,
  sum(vintage.loan_count) as loan_count,
  sum(vintage.principal_vnd) as principal_vnd,
  sum(vintage.outstanding_vnd) as outstanding_vnd,
  sum(vintage.overdue_vnd) as overdue_vnd,
  sum(vintage.bad_debt_vnd) as bad_debt_vnd,
  round(100.0 * sum(vintage.bad_debt_vnd) / nullif(sum(vintage.outstanding_vnd), 0), 2) as bad_debt_ratio_pct,
  round(100.0 * sum(vintage.outstanding_vnd) / nullif(sum(vintage.principal_vnd), 0), 2) as still_outstanding_pct
from mart_fund_vintage as vintage
inner join asked using (period_code)
group by vintage.signed_year
order by vintage.signed_year
