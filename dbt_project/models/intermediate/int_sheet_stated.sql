-- Sheets whose rows say that something changed in the period, with the hash of what they say. A sheet that lists a
-- standing state, or a turnover that leaves it as it was, may well be the same again; one that moved may not.
{% set moving = {
  'stg_bieu_01': 'closing_count <> opening_count',
  'stg_bieu_02': 'event_kind_code is not null',
  'stg_bieu_03': 'true',
  'stg_bieu_04a': 'outstanding_vnd <> opening_outstanding_vnd',
  'stg_bieu_05a': 'true',
  'stg_bieu_05b': 'true',
  'stg_bieu_05c': 'true',
} %}
with moved as (
  {% for relation, condition in moving.items() %}
  select
    artifact_sha256,
    form,
    sheet,
    min(row_number) as first_row_number
  from {{ ref(relation) }}
  where {{ condition }}
  group by artifact_sha256, form, sheet
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  submission.artifact_sha256,
  submission.file_name,
  submission.province_key,
  submission.province_name,
  submission.period_code,
  submission.period_type,
  submission.period_starts_on,
  submission.period_name_vi,
  period.previous_period_code,
  submission.received_at,
  moved.form,
  moved.sheet,
  moved.first_row_number,
  sheet.content_sha256
from moved
inner join {{ ref('int_submission') }} as submission on moved.artifact_sha256 = submission.artifact_sha256
inner join {{ ref('int_period') }} as period on submission.period_code = period.period_code
inner join {{ ref('int_submission_form_recorded') }} as recorded
  on
    moved.artifact_sha256 = recorded.artifact_sha256
    and moved.form = recorded.form
    and recorded.is_current
inner join {{ ref('stg_sheet') }} as sheet
  on
    moved.artifact_sha256 = sheet.artifact_sha256
    and moved.sheet = sheet.sheet
    and moved.form = sheet.form
where sheet.content_sha256 is not null
