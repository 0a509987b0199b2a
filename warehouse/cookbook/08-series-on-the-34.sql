-- vi: Số HTX cuối mỗi tháng của từng tỉnh, thành phố hiện nay?
-- en: The stock of cooperatives of each of today's provinces at the end of each month?
-- grain: one row per present province × month
-- set: province = mã hai chữ số trên bản đồ 34, mặc định mọi tỉnh / two digit code on the map of 34, by default all
-- set: org_type = HTX (mặc định), LHHTX, THT, QTDND
-- mind: is_complete sai: mới có một phần các tỉnh hợp thành, tổng còn thiếu. / Where it is false some former provinces are missing from the sum.
select
  province.province_name,
  restated.period_code,
  sum(restated.closing_count) as closing_count,
  max(restated.reporting_province_count) as reporting_province_count,
  max(restated.expected_province_count) as expected_province_count,
  bool_and(restated.is_complete) as is_complete,
  any_value(restated.basis) as basis
from mart_organisation_count_restated as restated
inner join dim_period as period using (period_code)
inner join dim_province as province using (province_key)
where
  restated.basis = 'restated_34'
  and period.period_type = 'month'
  and restated.org_type_code = coalesce(getvariable('org_type'), 'HTX')
  and province.province_code = coalesce(getvariable('province'), province.province_code)
group by province.province_key, province.province_name, restated.period_code
order by province.province_name, restated.period_code
