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

held_row as (
  {% for relation in finding_relations() %}
  select
    artifact_sha256,
    count(distinct row_id) as held_count
  from {{ ref(relation) }}
  where severity = 'hold'
  group by artifact_sha256
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

held_rows as (
  select
    artifact_sha256,
    cast(sum(held_count) as bigint) as held_count
  from held_row
  group by artifact_sha256
),

-- Several files of one sender, period and revision number: the last to arrive counts.
same_revision as (
  select
    artifact_sha256,
    count(*) over (partition by province_key, period_code, revision) - 1 as same_revision_file_count
  from {{ ref('int_submission') }}
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
  artifact.times_received_count,
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
  artifact.rows_loaded_count - coalesce(held_rows.held_count, 0) as rows_loaded_count,
  artifact.rows_rejected_count,
  coalesce(held_rows.held_count, 0) as rows_held_count,
  artifact.rows_duplicate_count
from {{ ref('int_artifact') }} as artifact
left join {{ ref('int_submission') }} as submission on artifact.artifact_sha256 = submission.artifact_sha256
left join held on artifact.artifact_sha256 = held.artifact_sha256
left join recorded on artifact.artifact_sha256 = recorded.artifact_sha256
left join held_rows on artifact.artifact_sha256 = held_rows.artifact_sha256
left join same_revision on artifact.artifact_sha256 = same_revision.artifact_sha256
left join {{ ref('int_submission_repeated') }} as repeated
  on artifact.artifact_sha256 = repeated.artifact_sha256
where artifact.kind = 'workbook'
