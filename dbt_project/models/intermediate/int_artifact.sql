with article as (
  select *
  from {{ ref('stg_news_article') }}
  qualify row_number() over (partition by artifact_sha256 order by url) = 1
),

received as (
  select
    artifact_sha256,
    count(*) as times_received_count
  from {{ ref('stg_received') }}
  group by artifact_sha256
)

select
  artifact.artifact_sha256,
  artifact.kind,
  artifact.file_name,
  artifact.media_type,
  artifact.size_bytes,
  artifact.received_at,
  artifact.received_on,
  artifact.submitter_name,
  artifact.period_code,
  artifact.revision,
  artifact.approved_on,
  artifact.template_version,
  artifact.outcome,
  artifact.reason,
  artifact.rows_read_count,
  artifact.rows_loaded_count,
  artifact.rows_rejected_count,
  artifact.rows_duplicate_count,
  coalesce(received.times_received_count, 1) as times_received_count,
  article.canonical_url,
  article.portal,
  article.title,
  article.published_on,
  article.published_at
from {{ ref('stg_artifact') }} as artifact
left join received on artifact.artifact_sha256 = received.artifact_sha256
left join article on artifact.artifact_sha256 = article.artifact_sha256
