-- vi: Tình trạng các tổ chức vào một ngày, theo hiểu biết của một thời điểm?
-- en: The status of organisations on a day, as known at a moment?
-- grain: one row per organisation type × status
-- set: day = ngày hỏi, mặc định ngày nhận gần nhất / by default the day of the last receipt
-- set: moment = biết đến lúc nào (UTC), mặc định hiện nay / as known when, by default now
with asked as (
  select
    coalesce(cast(getvariable('day') as date), (select max(received_on) from fct_submission)) as day,
    coalesce(cast(getvariable('moment') as timestamp), timestamp '9999-12-31') as moment
)

select
  org_type.name_vi as org_type_name_vi,
  status.name_vi as status_name_vi,
  asked.day,
  count(*) as organisation_count
from cooperative_as_of((select moment from asked)) as known
cross join asked
inner join dim_status as status using (status_code)
inner join dim_organisation_type as org_type using (org_type_code)
where asked.day between known.valid_from and coalesce(known.valid_to, date '9999-12-31')
group by org_type.name_vi, status.name_vi, status.sort_number, asked.day
order by org_type_name_vi, status.sort_number
