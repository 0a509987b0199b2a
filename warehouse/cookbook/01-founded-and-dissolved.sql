-- vi: Trong tháng thành lập mới, giải thể bao nhiêu tổ chức, cuối tháng còn bao nhiêu?
-- en: How many organisations were founded and dissolved in a month, and how many stood at its end?
-- grain: one row per organisation type
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Dòng total đứng cạnh hai phần của nó: lọc một sector_group. / The row total stands beside its two parts: filter one sector_group.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  period_code,
  org_type_name_vi,
  founded_count,
  dissolved_count,
  founded_count - dissolved_count as net_count,
  closing_count,
  operating_count,
  provinces_reported_count,
  provinces_expected_count,
  is_complete
from mart_national_overview
inner join asked using (period_code)
where sector_group = 'total'
order by closing_count desc, org_type_code
