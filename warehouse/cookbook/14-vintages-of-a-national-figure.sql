-- vi: Con số cả nước của một kỳ đã đổi thế nào theo từng ngày nhận báo cáo?
-- en: How did a national figure change day by day as reports came in?
-- grain: one row per day on which it changed
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: indicator = founded (mặc định), dissolved, stock …; org_type = HTX (mặc định)
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  series.indicator_name_vi,
  series.period_code,
  series.vintage_on,
  series.indicator_value,
  series.indicator_value - lag(series.indicator_value) over (order by series.vintage_on) as change_value,
  series.provinces_reported_count,
  series.provinces_expected_count,
  series.is_latest
from mart_national_series as series
inner join asked using (period_code)
where
  series.source_kind = 'provincial_reports'
  and series.indicator_code = coalesce(getvariable('indicator'), 'founded')
  and series.org_type_code is not distinct from coalesce(getvariable('org_type'), 'HTX')
  and series.sector_code = 'total'
order by series.vintage_on
