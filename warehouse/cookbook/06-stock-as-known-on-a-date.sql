-- vi: Tại một thời điểm ta biết số HTX của từng tỉnh là bao nhiêu, và nay biết là bao nhiêu?
-- en: What did we know of the stock of each province at a moment, and what do we know now?
-- grain: one row per province
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: moment = giờ UTC, mặc định 0 giờ hôm sau ngày hạn (giờ Việt Nam) / time in UTC, by default midnight in Vietnam after the cut-off day
-- mind: Trống là lúc ấy chưa biết. / Empty: not known then.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

moments as (
  select
    asked.period_code,
    coalesce(cast(getvariable('moment') as timestamp), period.cut_off_on + interval 17 hour) as moment
  from asked
  inner join dim_period as period using (period_code)
),

known_then as (
  select province_key, sum(closing_count) as closing_count
  from organisation_count_as_of((select moment from moments))
  where org_type_code = 'HTX' and period_code = (select period_code from moments)
  group by province_key
),

known_now as (
  select province_key, sum(closing_count) as closing_count
  from fct_organisation_count
  where is_current and org_type_code = 'HTX' and period_code = (select period_code from moments)
  group by province_key
)

select
  version.province_name,
  moments.period_code,
  moments.moment as known_at,
  known_then.closing_count as closing_then_count,
  known_now.closing_count as closing_now_count,
  known_now.closing_count - known_then.closing_count as change_count
from moments
cross join (select province_key from known_then union select province_key from known_now) as provinces
inner join dim_province as version on version.province_key = provinces.province_key
left join known_then on known_then.province_key = provinces.province_key
left join known_now on known_now.province_key = provinces.province_key
order by version.province_name
