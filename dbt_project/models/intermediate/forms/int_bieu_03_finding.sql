-- Generated from ingestion/forms/bieu_03.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_03')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code))
  or (r.birth_year > extract(year from r.joined_on))
  or (r.birth_year < 1890 or r.birth_year > extract(year from r.period_ends_on))
  or ((r.birth_year < 1910 or r.birth_year > extract(year from r.period_ends_on)) and not (r.birth_year < 1890 or r.birth_year > extract(year from r.period_ends_on)))
  or (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366)
  or ((r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on) and not (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366))
  or (r.left_on < r.joined_on)
  or (r.left_on > r.period_ends_on)
  or (r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 200000000000)
  or ((r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 20000000000) and not (r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 200000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.org_code.references.bieu_02' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'một giá trị có trong cột “Mã số” của BIEU_02' as expected_text
from suspect as r
where r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.birth_year.at_most.joined_on' as check_id,
  'hold' as severity, 'birth_year' as column_name,
  'Năm sinh' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'không lớn hơn “Ngày vào”' as expected_text
from suspect as r
where r.birth_year > extract(year from r.joined_on)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.birth_year.between.possible' as check_id,
  'hold' as severity, 'birth_year' as column_name,
  'Năm sinh' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where r.birth_year < 1890 or r.birth_year > extract(year from r.period_ends_on)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.birth_year.between.usual' as check_id,
  'flag' as severity, 'birth_year' as column_name,
  'Năm sinh' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where (r.birth_year < 1910 or r.birth_year > extract(year from r.period_ends_on)) and not (r.birth_year < 1890 or r.birth_year > extract(year from r.period_ends_on))
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.joined_on.between.possible' as check_id,
  'hold' as severity, 'joined_on' as column_name,
  'Ngày vào' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.joined_on.between.usual' as check_id,
  'flag' as severity, 'joined_on' as column_name,
  'Ngày vào' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on) and not (r.joined_on < date '1945-09-02' or r.joined_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.left_on.not_before.joined_on' as check_id,
  'hold' as severity, 'left_on' as column_name,
  'Ngày ra' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày không trước “Ngày vào”' as expected_text
from suspect as r
where r.left_on < r.joined_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.left_on.within_period.flag' as check_id,
  'flag' as severity, 'left_on' as column_name,
  'Ngày ra' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.left_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.capital_contributed_vnd.between.possible' as check_id,
  'hold' as severity, 'capital_contributed_vnd' as column_name,
  'Vốn góp' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'từ 0 đến 200.000' as expected_text
from suspect as r
where r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 200000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_03.capital_contributed_vnd.between.usual' as check_id,
  'flag' as severity, 'capital_contributed_vnd' as column_name,
  'Vốn góp' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 20000000000) and not (r.capital_contributed_vnd < 0 or r.capital_contributed_vnd > 200000000000)
