with days as (
  {{ day_series(var('calendar_first_year') ~ '-01-01', var('calendar_last_year') ~ '-12-01') }}
),

months as (
  select
    day as starts_on,
    extract(year from day) as year_number,
    extract(month from day) as month_number
  from days
  where extract(day from day) = 1
),

periods as (
  select
    year_number || '-' || lpad(cast(month_number as varchar), 2, '0') as period_code,
    'month' as period_type,
    starts_on,
    1 as month_count,
    'Tháng ' || month_number || '/' || year_number as name_vi,
    strftime(starts_on, '%B %Y') as name_en
  from months

  union all

  select
    year_number || '-Q' || ((month_number + 2) // 3) as period_code,
    'quarter' as period_type,
    starts_on,
    3 as month_count,
    'Quý ' || (['I', 'II', 'III', 'IV'])[(month_number + 2) // 3] || '/' || year_number as name_vi,
    'Quarter ' || ((month_number + 2) // 3) || ' ' || year_number as name_en
  from months
  where month_number in (1, 4, 7, 10)

  union all

  select
    year_number || '-H' || ((month_number + 5) // 6) as period_code,
    'half_year' as period_type,
    starts_on,
    6 as month_count,
    '6 tháng ' || case when month_number = 1 then 'đầu' else 'cuối' end || ' năm ' || year_number as name_vi,
    case when month_number = 1 then 'First' else 'Second' end || ' half of ' || year_number as name_en
  from months
  where month_number in (1, 7)

  union all

  select
    cast(year_number as varchar) as period_code,
    'year' as period_type,
    starts_on,
    12 as month_count,
    'Năm ' || year_number as name_vi,
    'Year ' || year_number as name_en
  from months
  where month_number = 1
),

bounded as (
  select
    *,
    cast(starts_on + to_months(month_count) - interval 1 day as date) as ends_on
  from periods
)

select
  bounded.period_code,
  bounded.period_type,
  bounded.starts_on,
  bounded.ends_on,
  cast(bounded.ends_on + calendar.due_days_after_period_end * interval 1 day as date) as cut_off_on,
  bounded.name_vi,
  bounded.name_en,
  bounded.month_count,
  cast(extract(year from bounded.starts_on) as integer) as year_number,
  lag(bounded.period_code) over (partition by bounded.period_type order by bounded.starts_on) as previous_period_code,
  case when bounded.period_type = 'month' then
    extract(year from bounded.starts_on) || '-Q' || extract(quarter from bounded.starts_on)
  end as quarter_code,
  case when bounded.period_type in ('month', 'quarter') then
    extract(year from bounded.starts_on)
    || case when extract(month from bounded.starts_on) < 7 then '-H1' else '-H2' end
  end as half_year_code,
  case when bounded.period_type <> 'year' then cast(extract(year from bounded.starts_on) as varchar) end as year_code
from bounded
left join {{ ref('reporting_calendar') }} as calendar
  on
    calendar.sender_level = 'province'
    and bounded.period_type = calendar.report_type
    and {{ is_valid_on('calendar', 'bounded.ends_on') }}
