-- Submissions with a register, as recorded_rows() needs them: other submissions do not invalidate this table.
select
  recorded.form,
  {{ submission_columns() }},
  submission.artifact_sha256,
  recorded.recorded_from,
  recorded.recorded_to,
  recorded.is_current,
  recorded.fixed,
  recorded.content
from {{ ref('int_submission_form_recorded') }} as recorded
inner join {{ ref('int_submission') }} as submission on recorded.artifact_sha256 = submission.artifact_sha256
where recorded.form = 'BIEU_02'
