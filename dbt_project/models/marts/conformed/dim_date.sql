with days as (
  {{ day_series(var('calendar_first_year') ~ '-01-01', var('calendar_last_year') ~ '-12-31') }}
)

select
  day as date_on,
  cast(extract(year from day) as integer) as year_number,
  cast(extract(quarter from day) as integer) as quarter_number,
  cast(extract(month from day) as integer) as month_number,
  cast(extract(day from day) as integer) as day_number,
  cast(extract(isodow from day) as integer) as iso_weekday_number,
  extract(isodow from day) in (6, 7) as is_weekend,
  strftime(day, '%Y-%m') as month_code,
  strftime(day, '%Y') || '-Q' || extract(quarter from day) as quarter_code,
  strftime(day, '%Y') || case when extract(month from day) < 7 then '-H1' else '-H2' end as half_year_code,
  strftime(day, '%Y') as year_code
from days
