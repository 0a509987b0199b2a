-- vi: Văn bản nào được báo chí dẫn với nhiều ngày khác nhau?
-- en: Which documents are cited with different dates?
-- grain: one row per document
select
  document_key,
  title,
  issued_on,
  is_registered,
  cited_dates,
  cited_date_count,
  report_count
from dim_document
where cited_date_count > 1 or (cited_date_count = 1 and issued_on is not null and not contains(cast(cited_dates as varchar), cast(issued_on as varchar)))
order by cited_date_count desc, document_key
