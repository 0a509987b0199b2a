-- vi: Dư nợ tập trung vào những người vay nào?
-- en: How concentrated are the loans of each fund?
-- grain: one row per fund
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- internal: Người vay lớn nhất có thể là một cá nhân. / The largest borrower may be one person.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_fund_loan inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  fund_name,
  province_name,
  loan_count,
  borrower_count,
  listed_outstanding_vnd,
  largest_borrower_vnd,
  round(largest_borrower_share_pct, 2) as largest_borrower_pct,
  round(top_five_borrowers_share_pct, 2) as top_five_borrowers_pct,
  round(largest_borrower_to_charter_pct, 2) as largest_borrower_to_charter_pct
from mart_fund_portfolio
inner join asked using (period_code)
where loan_count > 0
order by largest_borrower_share_pct desc nulls last, fund_name
