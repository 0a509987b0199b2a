-- Generated from ingestion/forms/bieu_15b.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_15b')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366)
  or ((r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on) and not (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366))
  or (r.left_on < r.joined_on)
  or (r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on + 366)
  or ((r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on) and not (r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on + 366))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.joined_on.between.possible' as check_id,
  'hold' as severity, 'joined_on' as column_name,
  'Ngày vào' as column_header,
  strftime(r.joined_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.joined_on.between.usual' as check_id,
  'flag' as severity, 'joined_on' as column_name,
  'Ngày vào' as column_header,
  strftime(r.joined_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on) and not (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.left_on.not_before.joined_on' as check_id,
  'hold' as severity, 'left_on' as column_name,
  'Ngày ra' as column_header,
  strftime(r.left_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Ngày vào”' || coalesce(' (' || strftime(r.joined_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.left_on < r.joined_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.left_on.between.possible' as check_id,
  'hold' as severity, 'left_on' as column_name,
  'Ngày ra' as column_header,
  strftime(r.left_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_15b.left_on.between.usual' as check_id,
  'flag' as severity, 'left_on' as column_name,
  'Ngày ra' as column_header,
  strftime(r.left_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on) and not (r.left_on < date '1945-09-02' or r.left_on > r.period_ends_on + 366)
