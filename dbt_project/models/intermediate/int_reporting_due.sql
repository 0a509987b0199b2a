-- Due dates of reports by level: organisations report to their provincial alliance, provinces to the national one.
select
  calendar.sender_level,
  calendar.receiver_vi,
  calendar.is_expected,
  period.period_code,
  period.period_type,
  period.starts_on,
  period.ends_on,
  period.name_vi as period_name_vi,
  cast(period.ends_on + calendar.due_days_after_period_end * interval 1 day as date) as due_on
from {{ ref('int_period') }} as period
inner join {{ ref('reporting_calendar') }} as calendar
  on
    period.period_type = calendar.report_type
    and {{ is_valid_on('calendar', 'period.ends_on') }}
