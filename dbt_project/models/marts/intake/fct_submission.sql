with held as (
  select
    artifact_sha256,
    string_agg(rule_id, ', ' order by rule_id) as held_rule_ids
  from {{ ref('int_submission_held') }}
  group by artifact_sha256
),

recorded as (
  select
    artifact_sha256,
    count(*) as accepted_form_count,
    count(*) filter (where is_current) as current_form_count
  from {{ ref('int_submission_form_recorded') }}
  group by artifact_sha256
),

received as (
  select
    artifact_sha256,
    count(*) as times_received_count
  from {{ ref('stg_received') }}
  group by artifact_sha256
),

-- Several files of one sender, period and revision number: the last to arrive counts.
same_revision as (
  select
    artifact_sha256,
    count(*) over (partition by province_key, period_code, revision) - 1 as same_revision_file_count
  from {{ ref('int_submission') }}
),

content as (
  select
    submission.artifact_sha256,
    submission.province_key,
    submission.period_type,
    submission.period_code,
    submission.period_starts_on,
    sheet.form,
    sheet.content_sha256
  from {{ ref('int_submission') }} as submission
  inner join {{ ref('stg_sheet') }} as sheet on submission.artifact_sha256 = sheet.artifact_sha256
  where sheet.content_sha256 is not null
),

-- Sheets that state, row for row, what the same sender stated for an earlier period.
repeated as (
  select
    later.artifact_sha256,
    string_agg(distinct later.form, ', ' order by later.form) as repeated_forms,
    max_by(earlier.period_code, earlier.period_starts_on) as repeated_period_code
  from content as later
  inner join content as earlier
    on
      later.province_key = earlier.province_key
      and later.period_type = earlier.period_type
      and later.form = earlier.form
      and later.content_sha256 = earlier.content_sha256
      and later.period_starts_on > earlier.period_starts_on
  group by later.artifact_sha256
)

select
  artifact.artifact_sha256,
  artifact.file_name,
  submission.province_key,
  submission.period_code,
  artifact.period_code as stated_period_code,
  artifact.submitter_name as stated_sender_name,
  artifact.revision,
  artifact.approved_on,
  artifact.template_version,
  submission.cut_off_on as due_on,
  artifact.received_at,
  artifact.received_on,
  -- A file without a recognised period is neither late nor on time.
  case
    when submission.cut_off_on is not null
      then greatest(artifact.received_on - submission.cut_off_on, 0)
  end as days_late_count,
  case
    when submission.cut_off_on is null then null
    when artifact.received_on > submission.cut_off_on + {{ var('closing_day_count') }} then 'after_closing'
    when artifact.received_on > submission.cut_off_on then 'late'
    else 'in_time'
  end as arrival,
  greatest(coalesce(received.times_received_count, 1), 1) as times_received_count,
  coalesce(same_revision.same_revision_file_count, 0) as same_revision_file_count,
  repeated.repeated_forms,
  repeated.repeated_period_code,
  artifact.outcome as reading_outcome,
  case
    when submission.artifact_sha256 is null then 'rejected'
    when held.artifact_sha256 is not null then 'held'
    when recorded.current_form_count > 0 then 'current'
    when recorded.accepted_form_count > 0 then 'superseded'
    else 'rejected'
  end as outcome,
  case
    when submission.artifact_sha256 is null and artifact.outcome <> 'rejected'
      then 'Kỳ báo cáo, mã tỉnh hoặc lần gửi nằm ngoài danh mục nên chưa nhận được.'
    else artifact.reason
  end as reason,
  held.held_rule_ids,
  coalesce(recorded.accepted_form_count, 0) as accepted_form_count,
  coalesce(recorded.current_form_count, 0) as current_form_count,
  artifact.rows_read_count,
  artifact.rows_loaded_count,
  artifact.rows_rejected_count,
  artifact.rows_duplicate_count
from {{ ref('stg_artifact') }} as artifact
left join {{ ref('int_submission') }} as submission on artifact.artifact_sha256 = submission.artifact_sha256
left join held on artifact.artifact_sha256 = held.artifact_sha256
left join recorded on artifact.artifact_sha256 = recorded.artifact_sha256
left join received on artifact.artifact_sha256 = received.artifact_sha256
left join same_revision on artifact.artifact_sha256 = same_revision.artifact_sha256
left join repeated on artifact.artifact_sha256 = repeated.artifact_sha256
where artifact.kind = 'workbook'
