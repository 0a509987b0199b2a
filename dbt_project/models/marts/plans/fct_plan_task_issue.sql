select
  issue.issue_id,
  issue.task_id,
  issue.artifact_sha256,
  issue.label,
  issue.position_number,
  issue.issue_code,
  kind.name_vi as issue_name_vi,
  issue.detail
from {{ ref('int_plan_task_issue') }} as issue
left join {{ ref('plan_task_issues') }} as kind on issue.issue_code = kind.code
