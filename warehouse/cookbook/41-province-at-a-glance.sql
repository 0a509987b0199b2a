-- vi: Một tỉnh đang thế nào, mọi mặt?
-- en: How does a province stand, in every respect?
-- grain: one row per period of the province, the newest first
-- set: province = khóa tỉnh như 63-46 hoặc 34-46 / key of the province
select *
from mart_province_scorecard
where province_key = coalesce(
  getvariable('province'),
  (select max(province_key) from mart_province_scorecard)
)
order by period_code desc
