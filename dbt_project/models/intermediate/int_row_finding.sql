-- Findings in rows of accepted submissions, with the recorded range of the submission's form: a later revision ends it.
with found as (
  {% for relation in finding_relations() %}
  select *
  from {{ ref(relation) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  found.*,
  submission.file_name,
  recorded.province_key,
  recorded.period_code,
  recorded.revision,
  recorded.recorded_from,
  recorded.recorded_to,
  recorded.is_current
from found
inner join {{ ref('int_submission') }} as submission on found.artifact_sha256 = submission.artifact_sha256
inner join {{ ref('int_submission_form_recorded') }} as recorded
  on
    found.artifact_sha256 = recorded.artifact_sha256
    and found.form = recorded.form
