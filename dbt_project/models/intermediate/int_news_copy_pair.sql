-- Pairs of articles that are one report, and why. Symmetric facts are stated once, the smaller hash first.
with article as (
  select
    artifact_sha256,
    {{ page_key('url') }} as page_key,
    {{ page_key('original_url') }} as original_key,
    {{ page_key('canonical_url') }} as canonical_key,
    text_sha256,
    word_count,
    shingle_count,
    sketch,
    published_on,
    source_line is not null or original_url is not null as says_source
  from {{ ref('stg_news_article') }}
),

-- Addresses that identify an article; the home page of a portal identifies none.
named as (
  select
    artifact_sha256,
    page_key as name,
    true as is_strong
  from {{ ref('int_news_snapshot') }}

  union

  select
    artifact_sha256,
    original_key as name,
    true as is_strong
  from article
  where contains(original_key, '/')

  union

  select
    artifact_sha256,
    canonical_key as name,
    false as is_strong
  from article
  where
    contains(canonical_key, '/')
    and canonical_key <> page_key
    and canonical_key is distinct from original_key
),

sketched as (
  select
    artifact_sha256,
    published_on,
    {{ unnest_numbered('sketch', 'item', 'place') }}
  from article
),

-- How many positions of two sketches are equal, of pages that appeared near each other. Unrelated texts share none, so
-- only related pairs result; reports of one office are alike for years, so not all of them are paired.
alike as (
  select
    one.artifact_sha256 as one_sha256,
    other.artifact_sha256 as other_sha256,
    count(*) as equal_count
  from sketched as one
  inner join sketched as other
    on
      one.place = other.place
      and one.item = other.item
      and one.artifact_sha256 < other.artifact_sha256
      and coalesce(abs(date_diff('day', one.published_on, other.published_on)), 0) <= {{ var('copy_window_days') }}
  group by one.artifact_sha256, other.artifact_sha256
),

resembling as (
  select
    alike.one_sha256,
    alike.other_sha256,
    one.says_source or other.says_source as says_source,
    one.shingle_count + other.shingle_count as sum_count,
    least(one.shingle_count, other.shingle_count) as least_count,
    least(one.word_count, other.word_count) as word_count,
    alike.equal_count / cast(len(one.sketch) as double) as resemblance
  from alike
  inner join article as one on alike.one_sha256 = one.artifact_sha256
  inner join article as other on alike.other_sha256 = other.artifact_sha256
),

-- The estimated share of the shorter text that the longer one contains: a copy may be cut or have lines added.
-- A short report quoted in full in a much longer one is no copy: the two texts as a whole are not similar.
likeness as (
  select
    *,
    case
      when resemblance < {{ var('copy_resemblance') }} then 0
      else least(1, resemblance * sum_count / (1 + resemblance) / least_count)
    end as similarity
  from resembling
),

-- The figures an article reports. Reports of one office are alike from month to month and from province to province;
-- the periods and places of their figures distinguish them.
reported as (
  select distinct
    artifact_sha256,
    concat_ws(
      '|', indicator_code, org_type_code, sector_code, geography, claim_status, period_starts_on, period_ends_on,
      case when as_of_on = published_on then 'published' else cast(as_of_on as varchar) end
    ) as figure_key
  from {{ ref('stg_news_claim') }}
),

figure_count as (
  select
    artifact_sha256,
    count(*) as figure_count
  from reported
  group by artifact_sha256
),

common as (
  select
    one.artifact_sha256 as one_sha256,
    other.artifact_sha256 as other_sha256,
    count(*) as common_count
  from reported as one
  inner join reported as other
    on
      one.figure_key = other.figure_key
      and one.artifact_sha256 < other.artifact_sha256
  group by one.artifact_sha256, other.artifact_sha256
),

pairs as (
  select
    least(one.artifact_sha256, other.artifact_sha256) as one_sha256,
    greatest(one.artifact_sha256, other.artifact_sha256) as other_sha256,
    case when one.is_strong and other.is_strong then 'address' else 'canonical' end as reason
  from named as one
  inner join named as other
    on
      one.name = other.name
      and one.artifact_sha256 <> other.artifact_sha256
  left join likeness
    on
      least(one.artifact_sha256, other.artifact_sha256) = likeness.one_sha256
      and greatest(one.artifact_sha256, other.artifact_sha256) = likeness.other_sha256
  where
    (one.is_strong and other.is_strong)
    -- Templates set canonical addresses wrongly for whole sites: the texts must be similar, too.
    or likeness.similarity >= {{ var('copy_similarity_sourced') }}

  union

  select
    one.artifact_sha256 as one_sha256,
    other.artifact_sha256 as other_sha256,
    'same text' as reason
  from article as one
  inner join article as other
    on
      one.text_sha256 = other.text_sha256
      and one.artifact_sha256 < other.artifact_sha256
  where one.word_count >= {{ var('copy_least_words') }}

  union

  select
    likeness.one_sha256,
    likeness.other_sha256,
    'similar text' as reason
  from likeness
  left join common
    on
      likeness.one_sha256 = common.one_sha256
      and likeness.other_sha256 = common.other_sha256
  left join figure_count as one on likeness.one_sha256 = one.artifact_sha256
  left join figure_count as other on likeness.other_sha256 = other.artifact_sha256
  where
    likeness.similarity >= case
      when likeness.says_source then {{ var('copy_similarity_sourced') }} else {{ var('copy_similarity') }}
    end
    and likeness.word_count >= {{ var('copy_least_words') }}
    and 2 * coalesce(common.common_count, 0) >= least(coalesce(one.figure_count, 0), coalesce(other.figure_count, 0))
)

select
  one_sha256,
  other_sha256,
  min(reason) as reason
from pairs
group by one_sha256, other_sha256
