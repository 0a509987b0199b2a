-- Every article with the report it belongs to. Pages that are copies of each other, directly or transitively, are one
-- report.
with recursive pair as (
  select
    one_sha256,
    other_sha256
  from {{ ref('int_news_copy_pair') }}

  union all

  select
    other_sha256,
    one_sha256
  from {{ ref('int_news_copy_pair') }}
),

-- `union` drops pairs that were already reached, so cycles end.
reached (artifact_sha256, member_sha256) as (
  select
    artifact_sha256,
    artifact_sha256 as member_sha256
  from {{ ref('stg_news_article') }}

  union

  select
    reached.artifact_sha256,
    pair.other_sha256
  from reached
  inner join pair on reached.member_sha256 = pair.one_sha256
),

grouped as (
  select
    artifact_sha256,
    min(member_sha256) as group_sha256
  from reached
  group by artifact_sha256
),

placed as (
  select
    article.*,
    grouped.group_sha256,
    {{ page_key('article.url') }} as page_key,
    {{ page_key('article.original_url') }} as original_key,
    {{ page_key('article.canonical_url') }} as canonical_key,
    coalesce(snapshot.is_current, false) as is_current
  from {{ ref('stg_news_article') }} as article
  inner join grouped on article.artifact_sha256 = grouped.artifact_sha256
  left join (
    select
      artifact_sha256,
      bool_or(is_current) as is_current
    from {{ ref('int_news_snapshot') }}
    group by artifact_sha256
  ) as snapshot on article.artifact_sha256 = snapshot.artifact_sha256
),

-- How many other pages of the report name this one as the original.
pointed as (
  select
    placed.artifact_sha256,
    count(distinct pointing.page_key) as pointing_count
  from placed
  inner join placed as pointing
    on
      placed.group_sha256 = pointing.group_sha256
      and placed.page_key <> pointing.page_key
      and placed.page_key in (pointing.original_key, pointing.canonical_key)
  where pointing.is_current
  group by placed.artifact_sha256
),

ranked as (
  select
    placed.*,
    -- The page that others name as the original, else one that names no other, else the earliest, then by address.
    row_number() over (
      partition by placed.group_sha256
      order by
        placed.is_current desc,
        coalesce(pointed.pointing_count, 0) desc,
        placed.original_key is null desc,
        placed.published_at asc nulls last,
        placed.page_key asc,
        placed.artifact_sha256 asc
    ) = 1 as is_original
  from placed
  left join pointed on placed.artifact_sha256 = pointed.artifact_sha256
),

original as (
  select
    group_sha256,
    artifact_sha256 as report_id,
    url as original_url,
    page_key as original_page_key
  from ranked
  where is_original
),

address as (
  select
    ranked.group_sha256,
    snapshot.page_key,
    min(snapshot.url) as url
  from {{ ref('int_news_snapshot') }} as snapshot
  inner join ranked on snapshot.artifact_sha256 = ranked.artifact_sha256
  where snapshot.is_current
  group by ranked.group_sha256, snapshot.page_key
),

copies as (
  select
    original.group_sha256,
    list(address.url order by address.url) as copy_urls
  from original
  inner join address
    on
      original.group_sha256 = address.group_sha256
      and original.original_page_key <> address.page_key
  group by original.group_sha256
)

select
  ranked.artifact_sha256,
  ranked.url,
  ranked.page_key,
  ranked.portal,
  ranked.title,
  ranked.lead,
  ranked.body,
  ranked.byline,
  ranked.source_line,
  ranked.canonical_url,
  ranked.original_url as named_original_url,
  ranked.published_at,
  ranked.published_on,
  ranked.word_count,
  ranked.is_current,
  ranked.is_original,
  original.report_id,
  original.original_url as report_url,
  coalesce(copies.copy_urls, []) as copy_urls,
  -- Title, lead and body, a line each: positions of quotes refer to this text.
  concat_ws(chr(10), nullif(ranked.title, ''), nullif(ranked.lead, ''), nullif(ranked.body, '')) as article_text
from ranked
inner join original on ranked.group_sha256 = original.group_sha256
left join copies on ranked.group_sha256 = copies.group_sha256
