-- Generated from ingestion/forms/bieu_15a.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_15a')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (r.charter_approved_on < date '1986-01-01' or r.charter_approved_on > r.period_ends_on + 366)
  or ((r.charter_approved_on < date '2000-01-01' or r.charter_approved_on > r.period_ends_on) and not (r.charter_approved_on < date '1986-01-01' or r.charter_approved_on > r.period_ends_on + 366))
  or (r.staff_quota_count < 0 or r.staff_quota_count > 10000)
  or ((r.staff_quota_count < 0 or r.staff_quota_count > 300) and not (r.staff_quota_count < 0 or r.staff_quota_count > 10000))
  or (r.staff_count < 0 or r.staff_count > 10000)
  or ((r.staff_count < 0 or r.staff_count > 300) and not (r.staff_count < 0 or r.staff_count > 10000))
  or (r.contract_staff_count < 0 or r.contract_staff_count > 10000)
  or ((r.contract_staff_count < 0 or r.contract_staff_count > 300) and not (r.contract_staff_count < 0 or r.contract_staff_count > 10000))
  or (r.female_staff_count > (r.staff_count + r.contract_staff_count))
  or (r.female_staff_count < 0 or r.female_staff_count > 10000)
  or ((r.female_staff_count < 0 or r.female_staff_count > 300) and not (r.female_staff_count < 0 or r.female_staff_count > 10000))
  or (r.budget_planned_vnd < 0 or r.budget_planned_vnd > 10000000000000)
  or ((r.budget_planned_vnd < 0 or r.budget_planned_vnd > 500000000000) and not (r.budget_planned_vnd < 0 or r.budget_planned_vnd > 10000000000000))
  or (r.budget_spent_vnd > r.budget_planned_vnd)
  or (r.budget_spent_vnd < 0 or r.budget_spent_vnd > 10000000000000)
  or ((r.budget_spent_vnd < 0 or r.budget_spent_vnd > 500000000000) and not (r.budget_spent_vnd < 0 or r.budget_spent_vnd > 10000000000000))
  or (r.member_organisation_count < 0 or r.member_organisation_count > 100000)
  or ((r.member_organisation_count < 0 or r.member_organisation_count > 20000) and not (r.member_organisation_count < 0 or r.member_organisation_count > 100000))
  or (r.organisation_due_count < 0 or r.organisation_due_count > 100000)
  or ((r.organisation_due_count < 0 or r.organisation_due_count > 20000) and not (r.organisation_due_count < 0 or r.organisation_due_count > 100000))
  or (r.organisation_reported_count > r.organisation_due_count)
  or (r.organisation_reported_count < 0 or r.organisation_reported_count > 100000)
  or ((r.organisation_reported_count < 0 or r.organisation_reported_count > 20000) and not (r.organisation_reported_count < 0 or r.organisation_reported_count > 100000))
  or (r.organisation_in_time_count > r.organisation_reported_count)
  or (r.organisation_in_time_count < 0 or r.organisation_in_time_count > 100000)
  or ((r.organisation_in_time_count < 0 or r.organisation_in_time_count > 20000) and not (r.organisation_in_time_count < 0 or r.organisation_in_time_count > 100000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.charter_approved_on.between.possible' as check_id,
  'hold' as severity, 'charter_approved_on' as column_name,
  'Điều lệ – Ngày phê duyệt' as column_header,
  strftime(r.charter_approved_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.charter_approved_on < date '1986-01-01' or r.charter_approved_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.charter_approved_on.between.usual' as check_id,
  'flag' as severity, 'charter_approved_on' as column_name,
  'Điều lệ – Ngày phê duyệt' as column_header,
  strftime(r.charter_approved_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.charter_approved_on < date '2000-01-01' or r.charter_approved_on > r.period_ends_on) and not (r.charter_approved_on < date '1986-01-01' or r.charter_approved_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.staff_quota_count.between.possible' as check_id,
  'hold' as severity, 'staff_quota_count' as column_name,
  'Nhân sự – Biên chế được giao' as column_header,
  cast(r.staff_quota_count as varchar) as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where r.staff_quota_count < 0 or r.staff_quota_count > 10000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.staff_quota_count.between.usual' as check_id,
  'flag' as severity, 'staff_quota_count' as column_name,
  'Nhân sự – Biên chế được giao' as column_header,
  cast(r.staff_quota_count as varchar) as found_text,
  'từ 0 đến 300' as expected_text
from suspect as r
where (r.staff_quota_count < 0 or r.staff_quota_count > 300) and not (r.staff_quota_count < 0 or r.staff_quota_count > 10000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.staff_count.between.possible' as check_id,
  'hold' as severity, 'staff_count' as column_name,
  'Nhân sự – Biên chế có mặt' as column_header,
  cast(r.staff_count as varchar) as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where r.staff_count < 0 or r.staff_count > 10000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.staff_count.between.usual' as check_id,
  'flag' as severity, 'staff_count' as column_name,
  'Nhân sự – Biên chế có mặt' as column_header,
  cast(r.staff_count as varchar) as found_text,
  'từ 0 đến 300' as expected_text
from suspect as r
where (r.staff_count < 0 or r.staff_count > 300) and not (r.staff_count < 0 or r.staff_count > 10000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.contract_staff_count.between.possible' as check_id,
  'hold' as severity, 'contract_staff_count' as column_name,
  'Nhân sự – Lao động hợp đồng' as column_header,
  cast(r.contract_staff_count as varchar) as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where r.contract_staff_count < 0 or r.contract_staff_count > 10000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.contract_staff_count.between.usual' as check_id,
  'flag' as severity, 'contract_staff_count' as column_name,
  'Nhân sự – Lao động hợp đồng' as column_header,
  cast(r.contract_staff_count as varchar) as found_text,
  'từ 0 đến 300' as expected_text
from suspect as r
where (r.contract_staff_count < 0 or r.contract_staff_count > 300) and not (r.contract_staff_count < 0 or r.contract_staff_count > 10000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.female_staff_count.part_of.staff_count' as check_id,
  'hold' as severity, 'female_staff_count' as column_name,
  'Nhân sự – Nữ' as column_header,
  cast(r.female_staff_count as varchar) as found_text,
  'không lớn hơn “Nhân sự – Biên chế có mặt” + “Nhân sự – Lao động hợp đồng”, vì là một phần' || coalesce(' (' || cast((r.staff_count + r.contract_staff_count) as varchar) || ')', '') as expected_text
from suspect as r
where r.female_staff_count > (r.staff_count + r.contract_staff_count)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.female_staff_count.between.possible' as check_id,
  'hold' as severity, 'female_staff_count' as column_name,
  'Nhân sự – Nữ' as column_header,
  cast(r.female_staff_count as varchar) as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where r.female_staff_count < 0 or r.female_staff_count > 10000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.female_staff_count.between.usual' as check_id,
  'flag' as severity, 'female_staff_count' as column_name,
  'Nhân sự – Nữ' as column_header,
  cast(r.female_staff_count as varchar) as found_text,
  'từ 0 đến 300' as expected_text
from suspect as r
where (r.female_staff_count < 0 or r.female_staff_count > 300) and not (r.female_staff_count < 0 or r.female_staff_count > 10000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.budget_planned_vnd.between.possible' as check_id,
  'hold' as severity, 'budget_planned_vnd' as column_name,
  'Ngân sách năm – Được giao' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.budget_planned_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.budget_planned_vnd < 0 or r.budget_planned_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.budget_planned_vnd.between.usual' as check_id,
  'flag' as severity, 'budget_planned_vnd' as column_name,
  'Ngân sách năm – Được giao' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.budget_planned_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 500.000' as expected_text
from suspect as r
where (r.budget_planned_vnd < 0 or r.budget_planned_vnd > 500000000000) and not (r.budget_planned_vnd < 0 or r.budget_planned_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.budget_spent_vnd.at_most.budget_planned_vnd' as check_id,
  'flag' as severity, 'budget_spent_vnd' as column_name,
  'Ngân sách năm – Đã sử dụng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.budget_spent_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Ngân sách năm – Được giao”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.budget_planned_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.budget_spent_vnd > r.budget_planned_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.budget_spent_vnd.between.possible' as check_id,
  'hold' as severity, 'budget_spent_vnd' as column_name,
  'Ngân sách năm – Đã sử dụng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.budget_spent_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.budget_spent_vnd < 0 or r.budget_spent_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.budget_spent_vnd.between.usual' as check_id,
  'flag' as severity, 'budget_spent_vnd' as column_name,
  'Ngân sách năm – Đã sử dụng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.budget_spent_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 500.000' as expected_text
from suspect as r
where (r.budget_spent_vnd < 0 or r.budget_spent_vnd > 500000000000) and not (r.budget_spent_vnd < 0 or r.budget_spent_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.member_organisation_count.between.possible' as check_id,
  'hold' as severity, 'member_organisation_count' as column_name,
  'Số tổ chức thành viên' as column_header,
  cast(r.member_organisation_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.member_organisation_count < 0 or r.member_organisation_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.member_organisation_count.between.usual' as check_id,
  'flag' as severity, 'member_organisation_count' as column_name,
  'Số tổ chức thành viên' as column_header,
  cast(r.member_organisation_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.member_organisation_count < 0 or r.member_organisation_count > 20000) and not (r.member_organisation_count < 0 or r.member_organisation_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_due_count.between.possible' as check_id,
  'hold' as severity, 'organisation_due_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Phải gửi' as column_header,
  cast(r.organisation_due_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.organisation_due_count < 0 or r.organisation_due_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_due_count.between.usual' as check_id,
  'flag' as severity, 'organisation_due_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Phải gửi' as column_header,
  cast(r.organisation_due_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.organisation_due_count < 0 or r.organisation_due_count > 20000) and not (r.organisation_due_count < 0 or r.organisation_due_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_reported_count.part_of.organisation_due_count' as check_id,
  'hold' as severity, 'organisation_reported_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đã gửi' as column_header,
  cast(r.organisation_reported_count as varchar) as found_text,
  'không lớn hơn “Báo cáo của HTX gửi liên minh – Phải gửi”, vì là một phần' || coalesce(' (' || cast(r.organisation_due_count as varchar) || ')', '') as expected_text
from suspect as r
where r.organisation_reported_count > r.organisation_due_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_reported_count.between.possible' as check_id,
  'hold' as severity, 'organisation_reported_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đã gửi' as column_header,
  cast(r.organisation_reported_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.organisation_reported_count < 0 or r.organisation_reported_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_reported_count.between.usual' as check_id,
  'flag' as severity, 'organisation_reported_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đã gửi' as column_header,
  cast(r.organisation_reported_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.organisation_reported_count < 0 or r.organisation_reported_count > 20000) and not (r.organisation_reported_count < 0 or r.organisation_reported_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_in_time_count.part_of.organisation_reported_count' as check_id,
  'hold' as severity, 'organisation_in_time_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đúng hạn' as column_header,
  cast(r.organisation_in_time_count as varchar) as found_text,
  'không lớn hơn “Báo cáo của HTX gửi liên minh – Đã gửi”, vì là một phần' || coalesce(' (' || cast(r.organisation_reported_count as varchar) || ')', '') as expected_text
from suspect as r
where r.organisation_in_time_count > r.organisation_reported_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_in_time_count.between.possible' as check_id,
  'hold' as severity, 'organisation_in_time_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đúng hạn' as column_header,
  cast(r.organisation_in_time_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.organisation_in_time_count < 0 or r.organisation_in_time_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15a.organisation_in_time_count.between.usual' as check_id,
  'flag' as severity, 'organisation_in_time_count' as column_name,
  'Báo cáo của HTX gửi liên minh – Đúng hạn' as column_header,
  cast(r.organisation_in_time_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.organisation_in_time_count < 0 or r.organisation_in_time_count > 20000) and not (r.organisation_in_time_count < 0 or r.organisation_in_time_count > 100000)
