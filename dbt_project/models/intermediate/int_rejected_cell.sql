select
  rejected.*,
  artifact.file_name,
  submission.province_key,
  submission.period_code
from {{ ref('stg_reject') }} as rejected
inner join {{ ref('stg_artifact') }} as artifact on rejected.artifact_sha256 = artifact.artifact_sha256
left join {{ ref('int_submission') }} as submission on rejected.artifact_sha256 = submission.artifact_sha256
