select
  artifact.artifact_sha256,
  artifact.kind as artifact_kind,
  artifact.file_name,
  artifact.media_type,
  artifact.size_bytes,
  -- The recorded time of a page is its publication: the time of the fetch must not change a release.
  case when artifact.kind = 'page' then article.published_at else artifact.received_at end as recorded_at,
  submission.province_key,
  artifact.period_code as stated_period_code,
  submission.period_code,
  artifact.revision,
  artifact.approved_on,
  artifact.template_version,
  artifact.outcome,
  artifact.reason,
  article.canonical_url,
  article.portal,
  article.title,
  article.published_on
from {{ ref('stg_artifact') }} as artifact
left join {{ ref('int_submission') }} as submission on artifact.artifact_sha256 = submission.artifact_sha256
left join (
  select *
  from {{ ref('stg_news_article') }}
  qualify row_number() over (partition by artifact_sha256 order by url) = 1
) as article on artifact.artifact_sha256 = article.artifact_sha256
