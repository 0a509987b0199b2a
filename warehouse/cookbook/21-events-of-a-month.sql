-- vi: Những biến động nào xảy ra trong tháng, theo ngày quyết định?
-- en: Which events happened in a month, by the day of the decision?
-- grain: one row per event kind × organisation type
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: Theo ngày sự việc, không theo kỳ báo cáo: reported_later_count là số báo muộn. / By day of the event, not by the report that tells it.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  event.name_vi as event_name_vi,
  fact.org_type_code,
  count(*) as event_count,
  count(*) filter (where fact.period_code > asked.period_code) as reported_later_count
from fct_organisation_event as fact
cross join asked
inner join dim_period as period on period.period_code = asked.period_code
inner join dim_code_value as event on event.list_code = 'event_kind' and event.value_code = fact.event_kind_code
where fact.is_current and fact.event_on between period.starts_on and period.ends_on
group by event.name_vi, fact.org_type_code
order by event_count desc, event.name_vi, fact.org_type_code
