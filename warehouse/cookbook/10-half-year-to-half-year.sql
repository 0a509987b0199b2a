-- vi: Số HTX cuối sáu tháng đầu và cuối năm trên cùng một bản đồ?
-- en: The stock at the end of each half-year on one map?
-- grain: one row per present province × half-year
-- mind: Sáu tháng đầu năm 2025 do 63 tỉnh báo cáo, sáu tháng cuối năm do 34. / The first half of 2025 was reported by the 63, the second by the 34.
select
  province.province_name,
  restated.period_code,
  sum(restated.founded_count) as founded_count,
  sum(restated.closing_count) as closing_count,
  max(restated.reporting_province_count) as reporting_province_count,
  max(restated.expected_province_count) as expected_province_count,
  bool_and(restated.is_complete) as is_complete
from organisation_count_restated('34') as restated
inner join dim_period as period using (period_code)
inner join dim_province as province using (province_key)
where period.period_type = 'half_year' and restated.org_type_code = 'HTX'
group by province.province_name, restated.period_code
order by province.province_name, restated.period_code
