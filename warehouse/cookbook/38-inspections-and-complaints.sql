-- vi: Kiểm tra phát hiện gì, còn bao nhiêu đơn thư chưa giải quyết?
-- en: What did inspections find, and how many complaints are open?
-- grain: one row per province
-- internal: Đơn thư là của từng người. / A complaint is one person's.
with inspected as (
  select
    province_key,
    count(*) as inspection_count,
    sum(finding_count) as finding_count,
    sum(recovery_vnd) as recovery_vnd
  from fct_inspection
  where is_current
  group by province_key
),

complained as (
  select
    province_key,
    count(*) as complaint_count,
    count(*) filter (where is_open) as open_complaint_count,
    min(received_on) filter (where is_open) as oldest_open_on
  from fct_complaint
  where is_current
  group by province_key
)

select
  province.province_name,
  coalesce(inspected.inspection_count, 0) as inspection_count,
  coalesce(inspected.finding_count, 0) as finding_count,
  coalesce(inspected.recovery_vnd, 0) as recovery_vnd,
  coalesce(complained.complaint_count, 0) as complaint_count,
  coalesce(complained.open_complaint_count, 0) as open_complaint_count,
  complained.oldest_open_on
from inspected
full join complained using (province_key)
inner join dim_province as province using (province_key)
order by open_complaint_count desc, finding_count desc, province.province_name
