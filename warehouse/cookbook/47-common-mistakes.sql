-- vi: Ô nào của biểu mẫu hay bị điền sai nhất?
-- en: Which cells of the forms are filled in wrongly most often?
-- grain: one row per form × column
select
  form,
  column_name,
  reject_level,
  count(*) as rejected_count,
  count(distinct province_key) as province_count,
  any_value(expected_text order by reject_key) as expected_text
from fct_rejected_cell
group by form, column_name, reject_level
order by rejected_count desc, form, column_name, reject_level
