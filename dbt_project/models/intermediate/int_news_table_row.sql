select
  table_row.*,
  article.url,
  article.is_original
from {{ ref('stg_news_table_row') }} as table_row
inner join {{ ref('int_news_article') }} as article on table_row.artifact_sha256 = article.artifact_sha256
