with stated as (
  {{ recorded_rows(ref('stg_bieu_09')) }}
)

select
  stated.row_id,
  stated.plan_symbol,
  stated.province_key,
  stated.period_code,
  stated.task_code,
  stated.task_name,
  stated.lead_unit_name,
  stated.other_unit_names,
  stated.task_due_on,
  stated.task_status_code,
  coalesce(
    stated.task_due_on < stated.period_ends_on and stated.task_status_code in ('not_started', 'in_progress'),
    false
  ) as is_overdue,
  stated.progress_pct,
  stated.done_on,
  stated.result_text,
  stated.obstacle_text,
  stated.revision,
  stated.recorded_from,
  stated.recorded_to,
  stated.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
