-- vi: Mỗi cơ quan nói có bao nhiêu HTX, theo định nghĩa nào?
-- en: How many cooperatives does each authority count, and by which definition?
-- grain: one row per authority × day
-- set: concept = stock (mặc định), members, founded, dissolved, stock_operating …
-- mind: Không nối thành một dãy: phạm vi và ngày khác nhau. / Never one series: universe and day differ.
select
  authority_name_vi,
  indicator_code,
  period_code,
  as_of_on,
  indicator_value,
  qualifier,
  is_complete,
  definition_vi,
  source_note
from mart_national_series
where
  concept_code = coalesce(getvariable('concept'), 'stock')
  and org_type_code = 'HTX'
  and sector_code = 'total'
  and is_latest
order by as_of_on desc, authority_code, indicator_code
