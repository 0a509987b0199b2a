-- vi: Những khoản vay nào đến hạn trong ba tháng tới hoặc đã quá hạn?
-- en: Which loans fall due within three months or are overdue?
-- grain: one row per loan
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: months = 3 (mặc định / default)
-- internal: Mỗi dòng là một khoản vay, có thể của một cá nhân. / A row is a loan, which may be one person's.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_fund_loan inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  loan.loan_code,
  fund.fund_name,
  province.province_name,
  loan.due_on,
  loan.due_on - period.ends_on as days_left_count,
  loan.outstanding_vnd,
  loan.overdue_vnd,
  loan.debt_group_number
from fct_fund_loan as loan
inner join asked using (period_code)
inner join dim_period as period using (period_code)
inner join dim_province as province on province.province_key = loan.province_key
left join dim_fund as fund using (fund_code)
where
  loan.is_current
  and loan.outstanding_vnd > 0
  and (loan.overdue_vnd > 0 or loan.due_on <= period.ends_on + to_months(coalesce(cast(getvariable('months') as integer), 3)))
order by loan.due_on, loan.loan_code
