select
  md5(sender_level || '|' || period_code) as report_due_key,
  sender_level,
  receiver_vi as receiver_name_vi,
  period_code,
  period_type,
  starts_on,
  ends_on,
  due_on
from {{ ref('int_reporting_due') }}
where is_expected
