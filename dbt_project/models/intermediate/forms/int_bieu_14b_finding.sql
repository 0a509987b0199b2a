-- Generated from ingestion/forms/bieu_14b.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_14b')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.case_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.case_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.received_on < date '1986-01-01' or r.received_on > r.period_ends_on + 366)
  or ((r.received_on < date '2000-01-01' or r.received_on > r.period_ends_on) and not (r.received_on < date '1986-01-01' or r.received_on > r.period_ends_on + 366))
  or (r.resolved_on < r.received_on)
  or (r.resolved_on < date '1986-01-01' or r.resolved_on > r.period_ends_on + 366)
  or ((r.resolved_on < date '2000-01-01' or r.resolved_on > r.period_ends_on) and not (r.resolved_on < date '1986-01-01' or r.resolved_on > r.period_ends_on + 366))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.case_code.matches' as check_id,
  'hold' as severity, 'case_code' as column_name,
  'Mã vụ việc' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.case_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.case_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.received_on.between.possible' as check_id,
  'hold' as severity, 'received_on' as column_name,
  'Ngày tiếp nhận' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.received_on < date '1986-01-01' or r.received_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.received_on.between.usual' as check_id,
  'flag' as severity, 'received_on' as column_name,
  'Ngày tiếp nhận' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where (r.received_on < date '2000-01-01' or r.received_on > r.period_ends_on) and not (r.received_on < date '1986-01-01' or r.received_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.resolved_on.not_before.received_on' as check_id,
  'hold' as severity, 'resolved_on' as column_name,
  'Ngày giải quyết xong' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày không trước “Ngày tiếp nhận”' as expected_text
from suspect as r
where r.resolved_on < r.received_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.resolved_on.between.possible' as check_id,
  'hold' as severity, 'resolved_on' as column_name,
  'Ngày giải quyết xong' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.resolved_on < date '1986-01-01' or r.resolved_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14b.resolved_on.between.usual' as check_id,
  'flag' as severity, 'resolved_on' as column_name,
  'Ngày giải quyết xong' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where (r.resolved_on < date '2000-01-01' or r.resolved_on > r.period_ends_on) and not (r.resolved_on < date '1986-01-01' or r.resolved_on > r.period_ends_on + 366)
