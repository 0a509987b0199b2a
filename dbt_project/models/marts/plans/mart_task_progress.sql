with tasks as (
  select
    progress.*,
    period.name_vi as period_name_vi,
    period.ends_on
  from {{ ref('fct_task_progress') }} as progress
  inner join {{ ref('dim_period') }} as period on progress.period_code = period.period_code
  where progress.is_current
)

select
  md5(plan_symbol || '|' || task_code || '|' || period_code) as task_progress_key,
  plan_symbol,
  task_code,
  -- Provinces word one task differently: the most frequent wording, of ties the alphabetically first.
  mode(task_name order by task_name) as task_name,
  period_code,
  period_name_vi,
  ends_on as as_of_on,
  count(*) as province_count,
  count(*) filter (where task_status_code = 'done') as done_count,
  count(*) filter (where task_status_code = 'in_progress') as in_progress_count,
  count(*) filter (where task_status_code = 'not_started') as not_started_count,
  count(*) filter (where task_status_code = 'cancelled') as cancelled_count,
  count(*) filter (where is_overdue) as overdue_count,
  count(*) filter (where obstacle_text is not null) as obstacle_count,
  cast(100.0 * count(*) filter (where task_status_code = 'done') / count(*) as decimal(12, 6)) as done_share_pct,
  cast(avg(case when task_status_code = 'done' then 100 else progress_pct end) as decimal(12, 6))
    as average_progress_pct,
  row_number() over (partition by plan_symbol, task_code order by ends_on desc, period_code desc) = 1 as is_latest
from tasks
group by plan_symbol, task_code, period_code, period_name_vi, ends_on
