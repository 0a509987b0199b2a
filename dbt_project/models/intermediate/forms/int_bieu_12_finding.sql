-- Generated from ingestion/forms/bieu_12.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_12')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.need_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.need_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.raised_on < date '1986-01-01' or r.raised_on > r.period_ends_on + 366)
  or ((r.raised_on < date '2000-01-01' or r.raised_on > r.period_ends_on) and not (r.raised_on < date '1986-01-01' or r.raised_on > r.period_ends_on + 366))
  or (r.answered_on < r.raised_on)
  or (r.answered_on < date '1986-01-01' or r.answered_on > r.period_ends_on + 366)
  or ((r.answered_on < date '2000-01-01' or r.answered_on > r.period_ends_on) and not (r.answered_on < date '1986-01-01' or r.answered_on > r.period_ends_on + 366))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.need_code.matches' as check_id,
  'hold' as severity, 'need_code' as column_name,
  'Mã kiến nghị' as column_header,
  cast(r.need_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.need_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.need_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.org_code.matches' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.raised_on.between.possible' as check_id,
  'hold' as severity, 'raised_on' as column_name,
  'Ngày tiếp nhận' as column_header,
  strftime(r.raised_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.raised_on < date '1986-01-01' or r.raised_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.raised_on.between.usual' as check_id,
  'flag' as severity, 'raised_on' as column_name,
  'Ngày tiếp nhận' as column_header,
  strftime(r.raised_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.raised_on < date '2000-01-01' or r.raised_on > r.period_ends_on) and not (r.raised_on < date '1986-01-01' or r.raised_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.answered_on.not_before.raised_on' as check_id,
  'hold' as severity, 'answered_on' as column_name,
  'Ngày trả lời' as column_header,
  strftime(r.answered_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Ngày tiếp nhận”' || coalesce(' (' || strftime(r.raised_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.answered_on < r.raised_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.answered_on.between.possible' as check_id,
  'hold' as severity, 'answered_on' as column_name,
  'Ngày trả lời' as column_header,
  strftime(r.answered_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.answered_on < date '1986-01-01' or r.answered_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_12.answered_on.between.usual' as check_id,
  'flag' as severity, 'answered_on' as column_name,
  'Ngày trả lời' as column_header,
  strftime(r.answered_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.answered_on < date '2000-01-01' or r.answered_on > r.period_ends_on) and not (r.answered_on < date '1986-01-01' or r.answered_on > r.period_ends_on + 366)
