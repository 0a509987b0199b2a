select
  corrected.*,
  artifact.file_name,
  submission.province_key,
  submission.period_code
from {{ ref('stg_correction') }} as corrected
inner join {{ ref('stg_artifact') }} as artifact on corrected.artifact_sha256 = artifact.artifact_sha256
left join {{ ref('int_submission') }} as submission on corrected.artifact_sha256 = submission.artifact_sha256
