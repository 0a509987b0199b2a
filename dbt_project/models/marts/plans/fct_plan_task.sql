with issue as (
  select
    task_id,
    string_agg(distinct issue_code, ', ' order by issue_code) as issue_codes,
    count(*) as issue_count
  from {{ ref('int_plan_task_issue') }}
  where task_id is not null
  group by task_id
),

lead_unit as (
  select
    task_id,
    string_agg(distinct unit_key, ', ' order by unit_key) as lead_unit_keys
  from {{ ref('int_plan_task_unit') }}
  where
    role = 'lead'
    and unit_code is not null
  group by task_id
)

select
  task.task_id,
  task.plan_document_key,
  task.artifact_sha256,
  task.url,
  task.position_number,
  task.label,
  task.section,
  task.section_title,
  task.task_number,
  task.content,
  task.lead_text,
  lead_unit.lead_unit_keys,
  task.co_units_text,
  task.window_text,
  task.window_start_year,
  task.window_end_year,
  task.recurrence_code,
  task.is_section as is_section_task,
  task.shifted_by_count,
  task.table_number,
  task.row_number,
  coalesce(issue.issue_codes, '') as issue_codes,
  coalesce(issue.issue_count, 0) as issue_count
from {{ ref('int_plan_task') }} as task
left join issue on task.task_id = issue.task_id
left join lead_unit on task.task_id = lead_unit.task_id
