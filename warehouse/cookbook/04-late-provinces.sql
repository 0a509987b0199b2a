-- vi: Tỉnh nào hay nộp muộn hoặc thiếu báo cáo tháng trong một năm qua?
-- en: Which provinces were late or missing most often in the last twelve months?
-- grain: one row per province
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

months as (
  select earlier.period_code
  from asked
  inner join dim_period as last_month using (period_code)
  inner join dim_period as earlier
    on
      earlier.period_type = 'month'
      and earlier.starts_on between last_month.starts_on - interval 11 month and last_month.starts_on
)

select
  compliance.province_key,
  max_by(compliance.province_name, compliance.period_code) as province_name,
  count(*) as due_count,
  count(*) filter (where compliance.compliance_status = 'on_time') as on_time_count,
  count(*) filter (where compliance.compliance_status = 'late') as late_count,
  count(*) filter (where compliance.compliance_status = 'missing') as missing_count,
  round(100.0 * count(*) filter (where compliance.compliance_status = 'on_time') / count(*), 1) as on_time_pct,
  max(compliance.days_late_count) as longest_delay_days_count
from mart_reporting_compliance as compliance
inner join months using (period_code)
where compliance.sender_level = 'province'
group by compliance.province_key
order by on_time_pct, missing_count desc, province_name
