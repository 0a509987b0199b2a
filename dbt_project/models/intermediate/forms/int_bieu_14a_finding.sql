-- Generated from ingestion/forms/bieu_14a.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_14a')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.inspection_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.inspection_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.started_on < r.period_starts_on - 366 or r.started_on > r.period_ends_on)
  or (r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366)
  or (r.ended_on < r.started_on)
  or (r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366)
  or (r.finding_count < 0 or r.finding_count > 100000)
  or ((r.finding_count < 0 or r.finding_count > 500) and not (r.finding_count < 0 or r.finding_count > 100000))
  or (r.recommendation_count < 0 or r.recommendation_count > 100000)
  or ((r.recommendation_count < 0 or r.recommendation_count > 500) and not (r.recommendation_count < 0 or r.recommendation_count > 100000))
  or (r.recovery_vnd < 0 or r.recovery_vnd > 10000000000000)
  or ((r.recovery_vnd < 0 or r.recovery_vnd > 100000000000) and not (r.recovery_vnd < 0 or r.recovery_vnd > 10000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.inspection_code.matches' as check_id,
  'hold' as severity, 'inspection_code' as column_name,
  'Mã cuộc kiểm tra' as column_header,
  cast(r.inspection_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.inspection_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.inspection_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.org_code.matches' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.started_on.within_period.flag' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 366, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 366 or r.started_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.started_on.within_period.hold' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.ended_on.not_before.started_on' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Thời gian – Từ ngày”' || coalesce(' (' || strftime(r.started_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.started_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.ended_on.within_period.hold' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.finding_count.between.possible' as check_id,
  'hold' as severity, 'finding_count' as column_name,
  'Kết luận – Số sai phạm' as column_header,
  cast(r.finding_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.finding_count < 0 or r.finding_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.finding_count.between.usual' as check_id,
  'flag' as severity, 'finding_count' as column_name,
  'Kết luận – Số sai phạm' as column_header,
  cast(r.finding_count as varchar) as found_text,
  'từ 0 đến 500' as expected_text
from suspect as r
where (r.finding_count < 0 or r.finding_count > 500) and not (r.finding_count < 0 or r.finding_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.recommendation_count.between.possible' as check_id,
  'hold' as severity, 'recommendation_count' as column_name,
  'Kết luận – Số kiến nghị' as column_header,
  cast(r.recommendation_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.recommendation_count < 0 or r.recommendation_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.recommendation_count.between.usual' as check_id,
  'flag' as severity, 'recommendation_count' as column_name,
  'Kết luận – Số kiến nghị' as column_header,
  cast(r.recommendation_count as varchar) as found_text,
  'từ 0 đến 500' as expected_text
from suspect as r
where (r.recommendation_count < 0 or r.recommendation_count > 500) and not (r.recommendation_count < 0 or r.recommendation_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.recovery_vnd.between.possible' as check_id,
  'hold' as severity, 'recovery_vnd' as column_name,
  'Kết luận – Số tiền xử lý' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.recovery_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.recovery_vnd < 0 or r.recovery_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14a.recovery_vnd.between.usual' as check_id,
  'flag' as severity, 'recovery_vnd' as column_name,
  'Kết luận – Số tiền xử lý' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.recovery_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.recovery_vnd < 0 or r.recovery_vnd > 100000000000) and not (r.recovery_vnd < 0 or r.recovery_vnd > 10000000000000)
