-- Generated from ingestion/forms/bieu_02.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_02')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.tax_code, '[0-9]{10}(-?[0-9]{3})?') or regexp_full_match(r.tax_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+') or 10 - (31 * try_cast(substr(r.tax_code, 1, 1) as integer) + 29 * try_cast(substr(r.tax_code, 2, 1) as integer) + 23 * try_cast(substr(r.tax_code, 3, 1) as integer) + 19 * try_cast(substr(r.tax_code, 4, 1) as integer) + 17 * try_cast(substr(r.tax_code, 5, 1) as integer) + 13 * try_cast(substr(r.tax_code, 6, 1) as integer) + 7 * try_cast(substr(r.tax_code, 7, 1) as integer) + 5 * try_cast(substr(r.tax_code, 8, 1) as integer) + 3 * try_cast(substr(r.tax_code, 9, 1) as integer)) % 11 <> try_cast(substr(r.tax_code, 10, 1) as integer))
  or (r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on + 366)
  or ((r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on) and not (r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on + 366))
  or (r.member_count < 0 or r.member_count > 1000000)
  or ((r.member_count < 0 or r.member_count > 100000) and not (r.member_count < 0 or r.member_count > 1000000))
  or (r.worker_count < 0 or r.worker_count > 200000)
  or ((r.worker_count < 0 or r.worker_count > 30000) and not (r.worker_count < 0 or r.worker_count > 200000))
  or (r.charter_capital_vnd < 0 or r.charter_capital_vnd > 20000000000000)
  or ((r.charter_capital_vnd < 0 or r.charter_capital_vnd > 1000000000000) and not (r.charter_capital_vnd < 0 or r.charter_capital_vnd > 20000000000000))
  or (r.event_on < r.founded_on)
  or (r.event_on < r.period_starts_on or r.event_on > r.period_ends_on)
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.tax_code.matches' as check_id,
  'flag' as severity, 'tax_code' as column_name,
  'Mã số thuế' as column_header,
  case when length(regexp_replace(r.tax_code, '[^0-9]', '', 'g')) < 8 then r.tax_code else length(regexp_replace(r.tax_code, '[^0-9]', '', 'g')) || ' chữ số' end as found_text,
  'mã số thuế 10 chữ số (chi nhánh: thêm 3), đủ số 0 ở đầu, đúng chữ số kiểm tra; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.tax_code, '[0-9]{10}(-?[0-9]{3})?') or regexp_full_match(r.tax_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+') or 10 - (31 * try_cast(substr(r.tax_code, 1, 1) as integer) + 29 * try_cast(substr(r.tax_code, 2, 1) as integer) + 23 * try_cast(substr(r.tax_code, 3, 1) as integer) + 19 * try_cast(substr(r.tax_code, 4, 1) as integer) + 17 * try_cast(substr(r.tax_code, 5, 1) as integer) + 13 * try_cast(substr(r.tax_code, 6, 1) as integer) + 7 * try_cast(substr(r.tax_code, 7, 1) as integer) + 5 * try_cast(substr(r.tax_code, 8, 1) as integer) + 3 * try_cast(substr(r.tax_code, 9, 1) as integer)) % 11 <> try_cast(substr(r.tax_code, 10, 1) as integer)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.founded_on.between.possible' as check_id,
  'hold' as severity, 'founded_on' as column_name,
  'Ngày thành lập' as column_header,
  strftime(r.founded_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.founded_on.between.usual' as check_id,
  'flag' as severity, 'founded_on' as column_name,
  'Ngày thành lập' as column_header,
  strftime(r.founded_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on) and not (r.founded_on < date '1945-09-02' or r.founded_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.member_count.between.possible' as check_id,
  'hold' as severity, 'member_count' as column_name,
  'Số thành viên' as column_header,
  cast(r.member_count as varchar) as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.member_count < 0 or r.member_count > 1000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.member_count.between.usual' as check_id,
  'flag' as severity, 'member_count' as column_name,
  'Số thành viên' as column_header,
  cast(r.member_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.member_count < 0 or r.member_count > 100000) and not (r.member_count < 0 or r.member_count > 1000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.worker_count.between.possible' as check_id,
  'hold' as severity, 'worker_count' as column_name,
  'Số lao động' as column_header,
  cast(r.worker_count as varchar) as found_text,
  'từ 0 đến 200.000' as expected_text
from suspect as r
where r.worker_count < 0 or r.worker_count > 200000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.worker_count.between.usual' as check_id,
  'flag' as severity, 'worker_count' as column_name,
  'Số lao động' as column_header,
  cast(r.worker_count as varchar) as found_text,
  'từ 0 đến 30.000' as expected_text
from suspect as r
where (r.worker_count < 0 or r.worker_count > 30000) and not (r.worker_count < 0 or r.worker_count > 200000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.charter_capital_vnd.between.possible' as check_id,
  'hold' as severity, 'charter_capital_vnd' as column_name,
  'Vốn điều lệ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_capital_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 20.000.000' as expected_text
from suspect as r
where r.charter_capital_vnd < 0 or r.charter_capital_vnd > 20000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.charter_capital_vnd.between.usual' as check_id,
  'flag' as severity, 'charter_capital_vnd' as column_name,
  'Vốn điều lệ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_capital_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where (r.charter_capital_vnd < 0 or r.charter_capital_vnd > 1000000000000) and not (r.charter_capital_vnd < 0 or r.charter_capital_vnd > 20000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.event_on.not_before.founded_on' as check_id,
  'flag' as severity, 'event_on' as column_name,
  'Biến động trong kỳ – Ngày' as column_header,
  strftime(r.event_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Ngày thành lập”' || coalesce(' (' || strftime(r.founded_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.event_on < r.founded_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_02.event_on.within_period.flag' as check_id,
  'flag' as severity, 'event_on' as column_name,
  'Biến động trong kỳ – Ngày' as column_header,
  strftime(r.event_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.event_on < r.period_starts_on or r.event_on > r.period_ends_on
