select
  artifact_sha256,
  url,
  portal,
  title,
  published_on,
  published_at,
  byline,
  source_line,
  canonical_url,
  named_original_url,
  report_id,
  report_url,
  is_original,
  is_current,
  len(copy_urls) as copy_count,
  cast(to_json(copy_urls) as varchar) as copy_urls,
  word_count
from {{ ref('int_news_article') }}
