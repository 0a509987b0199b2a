-- vi: Văn phòng trung ương đã sửa thay những ô nào, vì sao?
-- en: Which cells has the central office corrected, and why?
-- grain: one row per correction
-- mind: Tệp gốc không đổi; bản sửa có hạn và nguồn. / The archived file stays as it is.
select
  file_name,
  province_key,
  period_code,
  sheet,
  cell,
  stated_text,
  corrected_text,
  outcome,
  reason,
  source_text,
  applied_until_on,
  is_source_fixed
from fct_correction
order by outcome, period_code, province_key, file_name, cell
