with numbered as (
  select
    corrected.*,
    row_number() over (
      partition by corrected.artifact_sha256
      order by corrected.sheet, corrected.cell, corrected.until, corrected.stated, corrected.corrected
    ) as place
  from {{ ref('stg_correction') }} as corrected
)

select
  md5(numbered.artifact_sha256 || '|' || numbered.place) as correction_key,
  numbered.artifact_sha256,
  submission.file_name,
  submission.province_key,
  submission.period_code,
  numbered.sheet,
  numbered.cell,
  numbered.stated as stated_text,
  numbered.corrected as corrected_text,
  numbered.outcome,
  numbered.reason,
  numbered.source as source_text,
  numbered.until as applied_until_on,
  -- The sender has sent a revision: the corrected statement no longer counts.
  coalesce(submission.outcome = 'superseded', false) as is_source_fixed
from numbered
inner join {{ ref('fct_submission') }} as submission on numbered.artifact_sha256 = submission.artifact_sha256
