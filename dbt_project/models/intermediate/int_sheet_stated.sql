-- Current sheets with a hash of their rows, and whether the rows report a change in the period (has_moved). A sheet of
-- an unchanged state may be equal to that of an earlier period; one that reports changes may not.
{% set moving = {
  'stg_bieu_01': 'closing_count <> opening_count',
  'stg_bieu_02': 'event_kind_code is not null',
  'stg_bieu_03': 'true',
  'stg_bieu_04a': 'outstanding_vnd <> opening_outstanding_vnd',
  'stg_bieu_05a': 'true',
  'stg_bieu_05b': 'true',
  'stg_bieu_05c': 'true',
} %}
with stated as (
  {% for relation, condition in moving.items() %}
  select
    artifact_sha256,
    form,
    sheet,
    coalesce(min(row_number) filter (where {{ condition }}), min(row_number)) as first_row_number,
    coalesce(bool_or({{ condition }}), false) as has_moved
  from {{ ref(relation) }}
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
  stated.form,
  stated.sheet,
  stated.first_row_number,
  stated.has_moved,
  sheet.content_sha256
from stated
inner join {{ ref('int_submission') }} as submission on stated.artifact_sha256 = submission.artifact_sha256
inner join {{ ref('int_period') }} as period on submission.period_code = period.period_code
inner join {{ ref('int_submission_form_recorded') }} as recorded
  on
    stated.artifact_sha256 = recorded.artifact_sha256
    and stated.form = recorded.form
    and recorded.is_current
inner join {{ ref('stg_sheet') }} as sheet
  on
    stated.artifact_sha256 = sheet.artifact_sha256
    and stated.sheet = sheet.sheet
    and stated.form = sheet.form
where sheet.content_sha256 is not null
