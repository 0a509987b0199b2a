-- Submissions with a list of members, as recorded_rows() needs them: other submissions do not invalidate this table.
select
  recorded.form,
  {{ submission_columns() }},
  submission.artifact_sha256,
  recorded.recorded_from,
  recorded.recorded_to,
  recorded.is_current
from {{ ref('stg_bieu_03_reading') }} as listed
inner join {{ ref('int_submission') }} as submission on listed.artifact_sha256 = submission.artifact_sha256
inner join {{ ref('int_submission_form_recorded') }} as recorded
  on
    listed.artifact_sha256 = recorded.artifact_sha256
    and recorded.form = 'BIEU_03'
