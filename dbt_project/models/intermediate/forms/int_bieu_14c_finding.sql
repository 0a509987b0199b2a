-- Generated from ingestion/forms/bieu_14c.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_14c')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.award_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.award_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.awarded_on < r.period_starts_on - 92 or r.awarded_on > r.period_ends_on)
  or (r.awarded_on < r.period_starts_on - 1100 or r.awarded_on > r.period_ends_on + 366)
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14c.award_code.matches' as check_id,
  'hold' as severity, 'award_code' as column_name,
  'Mã khen thưởng' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.award_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.award_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14c.org_code.matches' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14c.awarded_on.within_period.flag' as check_id,
  'flag' as severity, 'awarded_on' as column_name,
  'Ngày quyết định' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.awarded_on < r.period_starts_on - 92 or r.awarded_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_14c.awarded_on.within_period.hold' as check_id,
  'hold' as severity, 'awarded_on' as column_name,
  'Ngày quyết định' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.awarded_on < r.period_starts_on - 1100 or r.awarded_on > r.period_ends_on + 366
