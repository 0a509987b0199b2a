-- vi: Cơ cấu HTX theo ngành, lĩnh vực cuối tháng?
-- en: The stock by sector at the end of a month?
-- grain: one row per sector
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: org_type = HTX (mặc định), LHHTX, THT
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

counted as (
  select sector_code, sum(closing_count) as closing_count, sum(operating_count) as operating_count
  from fct_organisation_count
  inner join asked using (period_code)
  where is_current and org_type_code = coalesce(getvariable('org_type'), 'HTX')
  group by sector_code
)

select
  sector.name_vi,
  sector.sector_group,
  counted.closing_count,
  round(100.0 * counted.closing_count / nullif(sum(counted.closing_count) over (), 0), 2) as share_pct,
  round(100.0 * counted.operating_count / nullif(counted.closing_count, 0), 2) as operating_pct
from counted
inner join dim_sector as sector using (sector_code)
where sector.is_leaf
order by counted.closing_count desc, sector.sort_number
