with ranged as (
  {{ recorded_ranges(ref('int_bieu_09_recorded'), key=['province_key', 'period_code', 'plan_symbol', 'task_code']) }}
)

select
  ranged.row_id,
  ranged.plan_symbol,
  ranged.province_key,
  ranged.period_code,
  ranged.task_code,
  ranged.task_name,
  ranged.lead_unit_name,
  ranged.other_unit_names,
  ranged.task_due_on,
  ranged.task_status_code,
  coalesce(
    ranged.task_due_on < ranged.period_ends_on and ranged.task_status_code in ('not_started', 'in_progress'),
    false
  ) as is_overdue,
  ranged.progress_pct,
  ranged.done_on,
  ranged.result_text,
  ranged.obstacle_text,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
