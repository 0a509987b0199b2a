select
  task_unit_id,
  task_id,
  role,
  unit_text,
  unit_key,
  is_misprint
from {{ ref('int_plan_task_unit') }}
