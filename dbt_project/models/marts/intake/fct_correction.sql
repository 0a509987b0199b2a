select
  md5(corrected.artifact_sha256 || '|' || corrected.correction_number) as correction_key,
  corrected.artifact_sha256,
  corrected.file_name,
  corrected.province_key,
  corrected.period_code,
  corrected.sheet,
  corrected.cell,
  corrected.stated as stated_text,
  corrected.corrected as corrected_text,
  corrected.outcome,
  corrected.reason,
  corrected.source as source_text,
  corrected.until as applied_until_on,
  -- The sender has sent a revision: the corrected statement no longer counts.
  coalesce(submission.outcome = 'superseded', false) as is_source_fixed
from {{ ref('int_correction') }} as corrected
inner join {{ ref('fct_submission') }} as submission on corrected.artifact_sha256 = submission.artifact_sha256
