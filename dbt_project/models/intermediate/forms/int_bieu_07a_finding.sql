-- Generated from ingestion/forms/bieu_07a.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_07a')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on) + 1)
  or ((r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on)) and not (r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on) + 1))
  or (r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on) + 1)
  or ((r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on)) and not (r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on) + 1))
  or (r.member_to_year < r.member_from_year)
  or (r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on) + 1)
  or ((r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on)) and not (r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on) + 1))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.partner_code.matches' as check_id,
  'hold' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  cast(r.partner_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.partner_since_year.between.possible' as check_id,
  'hold' as severity, 'partner_since_year' as column_name,
  'Quan hệ từ năm' as column_header,
  cast(r.partner_since_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on) + 1
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.partner_since_year.between.usual' as check_id,
  'flag' as severity, 'partner_since_year' as column_name,
  'Quan hệ từ năm' as column_header,
  cast(r.partner_since_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where (r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on)) and not (r.partner_since_year < 1945 or r.partner_since_year > extract(year from r.period_ends_on) + 1)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.member_from_year.between.possible' as check_id,
  'hold' as severity, 'member_from_year' as column_name,
  'Tư cách thành viên – Từ năm' as column_header,
  cast(r.member_from_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on) + 1
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.member_from_year.between.usual' as check_id,
  'flag' as severity, 'member_from_year' as column_name,
  'Tư cách thành viên – Từ năm' as column_header,
  cast(r.member_from_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where (r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on)) and not (r.member_from_year < 1945 or r.member_from_year > extract(year from r.period_ends_on) + 1)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.member_to_year.at_least.member_from_year' as check_id,
  'hold' as severity, 'member_to_year' as column_name,
  'Tư cách thành viên – Đến năm' as column_header,
  cast(r.member_to_year as varchar) as found_text,
  'không nhỏ hơn “Tư cách thành viên – Từ năm”' || coalesce(' (' || cast(r.member_from_year as varchar) || ')', '') as expected_text
from suspect as r
where r.member_to_year < r.member_from_year
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.member_to_year.between.possible' as check_id,
  'hold' as severity, 'member_to_year' as column_name,
  'Tư cách thành viên – Đến năm' as column_header,
  cast(r.member_to_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on) + 1
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07a.member_to_year.between.usual' as check_id,
  'flag' as severity, 'member_to_year' as column_name,
  'Tư cách thành viên – Đến năm' as column_header,
  cast(r.member_to_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where (r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on)) and not (r.member_to_year < 1945 or r.member_to_year > extract(year from r.period_ends_on) + 1)
