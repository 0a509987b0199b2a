select
  artifact.artifact_sha256,
  artifact.kind as artifact_kind,
  artifact.file_name,
  artifact.media_type,
  artifact.size_bytes,
  -- The recorded time of a page is its publication: the time of the fetch must not change a release.
  case when artifact.kind = 'page' then artifact.published_at else artifact.received_at end as recorded_at,
  submission.province_key,
  artifact.period_code as stated_period_code,
  submission.period_code,
  artifact.revision,
  artifact.approved_on,
  artifact.template_version,
  artifact.outcome,
  artifact.reason,
  artifact.canonical_url,
  artifact.portal,
  artifact.title,
  artifact.published_on
from {{ ref('int_artifact') }} as artifact
left join {{ ref('int_submission') }} as submission on artifact.artifact_sha256 = submission.artifact_sha256
