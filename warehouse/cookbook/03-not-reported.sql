-- vi: Tỉnh nào chưa gửi báo cáo của kỳ, quá hạn bao nhiêu ngày so với ngày nhận gần nhất?
-- en: Which provinces have not reported, and how long overdue are they at the last receipt?
-- grain: one row per province
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported; cũng nhận quý, nửa năm, năm / also a quarter, half-year or year
-- mind: Tỉnh đã gửi nhưng bị giữ lại cũng chưa có số liệu: xem held_submission_count. / A province whose file is held has no figures either: see held_submission_count.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

newest as (
  select max(received_on) as day
  from fct_submission
)

select
  compliance.province_name,
  compliance.period_code,
  compliance.due_on,
  greatest(newest.day - compliance.due_on, 0) as days_overdue_count,
  compliance.submission_count,
  compliance.held_submission_count
from mart_reporting_compliance as compliance
inner join asked using (period_code)
cross join newest
where compliance.sender_level = 'province' and compliance.compliance_status = 'missing'
order by compliance.province_name
