-- The content of each address over time. The record of requests decides which content is newest; a page that was read
-- without a recorded request is its only snapshot.
with recorded as (
  select
    {{ page_key('request.url') }} as page_key,
    request.url,
    request.artifact_sha256,
    request.requested_at
  from {{ ref('stg_fetch') }} as request
  inner join {{ ref('stg_news_article') }} as article on request.artifact_sha256 = article.artifact_sha256

  union all

  select
    {{ page_key('article.url') }} as page_key,
    article.url,
    article.artifact_sha256,
    cast(null as timestamp) as requested_at
  from {{ ref('stg_news_article') }} as article
),

seen as (
  select
    page_key,
    artifact_sha256,
    min(url) as url,
    min(requested_at) as first_seen_at,
    max(requested_at) as last_seen_at
  from recorded
  group by page_key, artifact_sha256
)

select
  page_key,
  artifact_sha256,
  url,
  first_seen_at,
  row_number() over (
    partition by page_key
    order by last_seen_at asc nulls first, artifact_sha256 asc
  ) as snapshot_number,
  row_number() over (
    partition by page_key
    order by last_seen_at desc nulls last, artifact_sha256 desc
  ) = 1 as is_current
from seen
