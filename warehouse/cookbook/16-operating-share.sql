-- vi: Tỷ lệ HTX đang hoạt động của từng tỉnh?
-- en: The share of cooperatives that operate, by province?
-- grain: one row per province
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Tính lại từ hai số, không lấy trung bình các tỷ lệ. / Made from its parts, never an average of shares.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  province.province_name,
  fact.period_code,
  sum(fact.closing_count) as closing_count,
  sum(fact.operating_count) as operating_count,
  round(100.0 * sum(fact.operating_count) / nullif(sum(fact.closing_count), 0), 2) as operating_pct
from fct_organisation_count as fact
inner join asked using (period_code)
inner join dim_province as province using (province_key)
where fact.is_current and fact.org_type_code = 'HTX'
group by province.province_name, fact.period_code
order by operating_pct, province.province_name
