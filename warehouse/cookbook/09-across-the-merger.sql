-- vi: Thành lập mới, giải thể qua ngày 1/7/2025, theo tỉnh hiện nay?
-- en: Founded and dissolved over months on both sides of 1 July 2025, on today's map?
-- grain: one row per present province
-- set: first_day, last_day = ngày đầu và ngày cuối tháng; mặc định mọi tháng có báo cáo / first and last day of months; by default all reported
-- mind: Số tăng, giảm được cộng; số có đến lấy ở tháng đầu và tháng cuối. / Flows are added, stocks taken from the first and the last month.
with days as (
  select
    coalesce(cast(getvariable('first_day') as date), min(starts_on)) as first_on,
    coalesce(cast(getvariable('last_day') as date), max(ends_on)) as last_on
  from dim_period
  where
    period_type = 'month'
    and period_code in (select period_code from fct_organisation_count where is_current)
)

select
  province.province_name,
  between_days.first_on,
  between_days.last_on,
  sum(between_days.opening_count) as opening_count,
  sum(between_days.founded_count) as founded_count,
  sum(between_days.dissolved_count) as dissolved_count,
  sum(between_days.closing_count) as closing_count,
  max(between_days.report_count) as report_count,
  max(between_days.expected_report_count) as expected_report_count,
  bool_and(between_days.is_complete) as is_complete
from organisation_count_between('34', (select first_on from days), (select last_on from days)) as between_days
inner join dim_province as province using (province_key)
where between_days.org_type_code = 'HTX'
group by province.province_name, between_days.first_on, between_days.last_on
order by province.province_name
