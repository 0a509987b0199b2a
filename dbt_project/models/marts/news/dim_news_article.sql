select
  article.artifact_sha256,
  article.url,
  article.portal,
  publisher.publisher_kind,
  -- The province of the portal on the day of publication; outside of its validity it is unknown.
  case
    when article.published_on < coalesce(publisher.valid_from, article.published_on) then null
    when article.published_on > coalesce(publisher.valid_to, article.published_on) then null
    when article.published_on < date '2025-07-01' then publisher.predecessor_province_key
    when article.published_on is not null then publisher.province_key
  end as portal_province_key,
  article.title,
  article.published_on,
  article.published_at,
  article.byline,
  article.source_line,
  article.canonical_url,
  article.named_original_url,
  article.report_id,
  article.report_url,
  article.is_original,
  article.is_current,
  len(article.copy_urls) as copy_count,
  cast(to_json(article.copy_urls) as varchar) as copy_urls,
  article.word_count
from {{ ref('int_news_article') }} as article
left join {{ ref('dim_portal') }} as publisher on article.portal = publisher.portal
