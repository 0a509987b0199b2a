select
  md5(table_row.artifact_sha256 || '|' || table_row.table_number || '|' || table_row.row_number) as table_row_id,
  table_row.artifact_sha256,
  article.url,
  table_row.table_number,
  table_row.row_number,
  coalesce(table_row.is_header, false) as is_header,
  table_row.cells,
  article.is_original
from {{ ref('stg_news_table_row') }} as table_row
inner join {{ ref('int_news_article') }} as article on table_row.artifact_sha256 = article.artifact_sha256
