-- vi: Nhiệm vụ nào quá hạn, ở bao nhiêu tỉnh?
-- en: Which tasks are overdue, and in how many provinces?
-- grain: one row per task
select
  plan_symbol,
  task_code,
  task_name,
  period_code,
  province_count,
  done_count,
  overdue_count,
  obstacle_count,
  round(done_share_pct, 2) as done_share_pct,
  round(average_progress_pct, 2) as average_progress_pct
from mart_task_progress
where is_latest
order by overdue_count desc, done_share_pct, plan_symbol, task_code
