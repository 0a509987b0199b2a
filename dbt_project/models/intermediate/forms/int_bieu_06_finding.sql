-- Generated from ingestion/forms/bieu_06.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_06')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.course_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.course_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.started_on < r.period_starts_on - 92 or r.started_on > r.period_ends_on)
  or (r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366)
  or (r.ended_on < r.started_on)
  or (r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 92)
  or (r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366)
  or (r.hour_count < 0 or r.hour_count > 10000)
  or ((r.hour_count < 0 or r.hour_count > 2000) and not (r.hour_count < 0 or r.hour_count > 10000))
  or (r.participant_count < 0 or r.participant_count > 100000)
  or ((r.participant_count < 0 or r.participant_count > 5000) and not (r.participant_count < 0 or r.participant_count > 100000))
  or (r.female_count > r.participant_count)
  or (r.female_count < 0 or r.female_count > 100000)
  or ((r.female_count < 0 or r.female_count > 5000) and not (r.female_count < 0 or r.female_count > 100000))
  or (r.ethnic_minority_count > r.participant_count)
  or (r.ethnic_minority_count < 0 or r.ethnic_minority_count > 100000)
  or ((r.ethnic_minority_count < 0 or r.ethnic_minority_count > 5000) and not (r.ethnic_minority_count < 0 or r.ethnic_minority_count > 100000))
  or (r.state_funding_vnd < 0 or r.state_funding_vnd > 1000000000000)
  or ((r.state_funding_vnd < 0 or r.state_funding_vnd > 10000000000) and not (r.state_funding_vnd < 0 or r.state_funding_vnd > 1000000000000))
  or (r.other_funding_vnd < 0 or r.other_funding_vnd > 1000000000000)
  or ((r.other_funding_vnd < 0 or r.other_funding_vnd > 10000000000) and not (r.other_funding_vnd < 0 or r.other_funding_vnd > 1000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.course_code.matches' as check_id,
  'hold' as severity, 'course_code' as column_name,
  'Mã lớp' as column_header,
  cast(r.course_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.course_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.course_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.started_on.within_period.flag' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 92, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 92 or r.started_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.started_on.within_period.hold' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ended_on.not_before.started_on' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Thời gian – Từ ngày”' || coalesce(' (' || strftime(r.started_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.started_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ended_on.within_period.flag' as check_id,
  'flag' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 92, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 92
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ended_on.within_period.hold' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.hour_count.between.possible' as check_id,
  'hold' as severity, 'hour_count' as column_name,
  'Số giờ học' as column_header,
  cast(r.hour_count as varchar) as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where r.hour_count < 0 or r.hour_count > 10000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.hour_count.between.usual' as check_id,
  'flag' as severity, 'hour_count' as column_name,
  'Số giờ học' as column_header,
  cast(r.hour_count as varchar) as found_text,
  'từ 0 đến 2.000' as expected_text
from suspect as r
where (r.hour_count < 0 or r.hour_count > 2000) and not (r.hour_count < 0 or r.hour_count > 10000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.participant_count.between.possible' as check_id,
  'hold' as severity, 'participant_count' as column_name,
  'Số học viên – Tổng số' as column_header,
  cast(r.participant_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.participant_count < 0 or r.participant_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.participant_count.between.usual' as check_id,
  'flag' as severity, 'participant_count' as column_name,
  'Số học viên – Tổng số' as column_header,
  cast(r.participant_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.participant_count < 0 or r.participant_count > 5000) and not (r.participant_count < 0 or r.participant_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.female_count.part_of.participant_count' as check_id,
  'hold' as severity, 'female_count' as column_name,
  'Số học viên – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'không lớn hơn “Số học viên – Tổng số”, vì là một phần' || coalesce(' (' || cast(r.participant_count as varchar) || ')', '') as expected_text
from suspect as r
where r.female_count > r.participant_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.female_count.between.possible' as check_id,
  'hold' as severity, 'female_count' as column_name,
  'Số học viên – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.female_count < 0 or r.female_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.female_count.between.usual' as check_id,
  'flag' as severity, 'female_count' as column_name,
  'Số học viên – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.female_count < 0 or r.female_count > 5000) and not (r.female_count < 0 or r.female_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ethnic_minority_count.part_of.participant_count' as check_id,
  'hold' as severity, 'ethnic_minority_count' as column_name,
  'Số học viên – Dân tộc thiểu số' as column_header,
  cast(r.ethnic_minority_count as varchar) as found_text,
  'không lớn hơn “Số học viên – Tổng số”, vì là một phần' || coalesce(' (' || cast(r.participant_count as varchar) || ')', '') as expected_text
from suspect as r
where r.ethnic_minority_count > r.participant_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ethnic_minority_count.between.possible' as check_id,
  'hold' as severity, 'ethnic_minority_count' as column_name,
  'Số học viên – Dân tộc thiểu số' as column_header,
  cast(r.ethnic_minority_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.ethnic_minority_count < 0 or r.ethnic_minority_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.ethnic_minority_count.between.usual' as check_id,
  'flag' as severity, 'ethnic_minority_count' as column_name,
  'Số học viên – Dân tộc thiểu số' as column_header,
  cast(r.ethnic_minority_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.ethnic_minority_count < 0 or r.ethnic_minority_count > 5000) and not (r.ethnic_minority_count < 0 or r.ethnic_minority_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.state_funding_vnd.between.possible' as check_id,
  'hold' as severity, 'state_funding_vnd' as column_name,
  'Kinh phí – Ngân sách nhà nước' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.state_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.state_funding_vnd < 0 or r.state_funding_vnd > 1000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.state_funding_vnd.between.usual' as check_id,
  'flag' as severity, 'state_funding_vnd' as column_name,
  'Kinh phí – Ngân sách nhà nước' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.state_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where (r.state_funding_vnd < 0 or r.state_funding_vnd > 10000000000) and not (r.state_funding_vnd < 0 or r.state_funding_vnd > 1000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.other_funding_vnd.between.possible' as check_id,
  'hold' as severity, 'other_funding_vnd' as column_name,
  'Kinh phí – Nguồn khác' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.other_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.other_funding_vnd < 0 or r.other_funding_vnd > 1000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_06.other_funding_vnd.between.usual' as check_id,
  'flag' as severity, 'other_funding_vnd' as column_name,
  'Kinh phí – Nguồn khác' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.other_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where (r.other_funding_vnd < 0 or r.other_funding_vnd > 10000000000) and not (r.other_funding_vnd < 0 or r.other_funding_vnd > 1000000000000)
