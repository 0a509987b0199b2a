-- vi: Thành lập mới HTX theo vùng, so với cùng tháng năm trước?
-- en: Cooperatives founded by region, against the same month of the year before?
-- grain: one row per region
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: scheme = six_2025 (mặc định, mọi kỳ), eight_traditional, six_2006 (đến tháng 6/2025) / six_2025 (default, any period), eight_traditional, six_2006 (until June 2025)
-- mind: Vùng chưa có báo cáo để trống, không phải 0. / A region without reports is empty, not 0.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

months as (
  select
    this_month.period_code,
    year_before.period_code as period_code_before
  from asked
  inner join dim_period as this_month using (period_code)
  left join dim_period as year_before
    on year_before.period_type = 'month' and year_before.starts_on = this_month.starts_on - interval 1 year
),

counted as (
  select
    region_key,
    period_code,
    sum(founded_count) as founded_count,
    min(reporting_province_count) as reporting_province_count,
    min(expected_province_count) as expected_province_count
  from organisation_count_by_region(coalesce(getvariable('scheme'), 'six_2025'))
  where org_type_code = 'HTX'
  group by region_key, period_code
)

select
  region.region_name_vi,
  months.period_code,
  this_year.founded_count,
  last_year.founded_count as founded_year_before_count,
  this_year.founded_count - last_year.founded_count as change_count,
  round(100.0 * (this_year.founded_count - last_year.founded_count) / nullif(last_year.founded_count, 0), 1) as change_pct,
  coalesce(this_year.reporting_province_count, 0) as provinces_reported_count,
  coalesce(last_year.reporting_province_count, 0) as provinces_reported_year_before_count,
  coalesce(this_year.expected_province_count, last_year.expected_province_count) as provinces_expected_count
from months
inner join dim_region as region on region.scheme_code = coalesce(getvariable('scheme'), 'six_2025')
left join counted as this_year on this_year.region_key = region.region_key and this_year.period_code = months.period_code
left join counted as last_year
  on last_year.region_key = region.region_key and last_year.period_code = months.period_code_before
where months.period_code is not null
order by region.sort_number
