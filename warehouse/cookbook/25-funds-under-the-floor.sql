-- vi: Quỹ nào có vốn điều lệ dưới mức tối thiểu, còn thiếu bao nhiêu?
-- en: Which funds are under the legal floor of charter capital, and by how much?
-- grain: one row per fund
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Mức tối thiểu là cấu hình theo thời gian (seeds/fund_requirements.csv). / The floor is configuration with validity.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_fund_position inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  fund_name,
  province_name,
  period_code,
  charter_registered_vnd,
  charter_paid_vnd,
  minimum_charter_vnd,
  charter_shortfall_vnd
from mart_fund_portfolio
inner join asked using (period_code)
where is_below_minimum
order by charter_shortfall_vnd desc, fund_name
