select
  md5(table_row.artifact_sha256 || '|' || table_row.table_number || '|' || table_row.row_number) as table_row_id,
  table_row.artifact_sha256,
  table_row.url,
  table_row.table_number,
  table_row.row_number,
  coalesce(table_row.is_header, false) as is_header,
  table_row.cells,
  table_row.is_original
from {{ ref('int_news_table_row') }} as table_row
