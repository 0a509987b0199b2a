-- vi: Tình hình các quỹ hỗ trợ phát triển HTX: dư nợ, nợ xấu, vốn?
-- en: How do the support funds stand: outstanding, bad debt, capital?
-- grain: one row per fund, the nation first
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Tỷ lệ nợ xấu cả nước tính lại từ tổng, không lấy trung bình. / The national ratio is made from sums, not averaged.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_fund_position inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  case when grouping(portfolio.fund_code) = 1 then 'Cả nước' else any_value(portfolio.fund_name) end as fund_name,
  case when grouping(portfolio.fund_code) = 1 then null else any_value(portfolio.province_name) end as province_name,
  any_value(portfolio.period_code) as period_code,
  count(*) as fund_count,
  sum(portfolio.charter_registered_vnd) as charter_registered_vnd,
  sum(portfolio.outstanding_vnd) as outstanding_vnd,
  sum(portfolio.bad_debt_vnd) as bad_debt_vnd,
  round(100.0 * sum(portfolio.bad_debt_vnd) / nullif(sum(portfolio.outstanding_vnd), 0), 2) as bad_debt_ratio_pct,
  sum(portfolio.disbursed_vnd) as disbursed_vnd,
  sum(portfolio.repaid_vnd) as repaid_vnd
from mart_fund_portfolio as portfolio
inner join asked using (period_code)
group by rollup (portfolio.fund_code)
having count(*) > 0
order by grouping(portfolio.fund_code) desc, outstanding_vnd desc, fund_name
