select
  rows_read.artifact_sha256,
  rows_read.url,
  rows_read.canonical_url,
  rows_read.portal,
  rows_read.title,
  rows_read.lead,
  rows_read.body,
  rows_read.byline,
  rows_read.source_line,
  rows_read.published_at,
  rows_read.published_on,
  rows_read.original_url,
  rows_read.text_sha256,
  rows_read.word_count,
  rows_read.shingle_count,
  rows_read.sketch
from {{ source('raw_meta', 'news_article') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
