-- vi: Chỉ tiêu nào chưa đạt, còn thiếu bao nhiêu?
-- en: Which targets are not attained, and what remains?
-- grain: one row per target, horizon and province or nation, at its last period
-- mind: incomplete: thiếu báo cáo, số thực hiện còn thấp hơn thực tế. / incomplete: reports are missing, the actual is too low.
-- mind: Bản công khai không có số thực hiện của chỉ tiêu tính bằng người. / Public: no actual value of targets counted in persons.
select
  document_symbol,
  target_name_vi,
  geography_name_vi,
  horizon_year,
  period_code,
  target_value,
  actual_value,
  unit,
  round(attainment_pct, 2) as attainment_pct,
  remaining_value,
  attainment_status,
  not_comparable_reason
from mart_plan_attainment
where is_latest and attainment_status <> 'attained'
order by attainment_pct desc nulls last, document_symbol, target_name_vi, geography_name_vi, horizon_year
