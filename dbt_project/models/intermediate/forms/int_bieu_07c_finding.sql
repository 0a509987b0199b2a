-- Generated from ingestion/forms/bieu_07c.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_07c')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.visit_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.visit_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code))
  or (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366)
  or ((r.started_on < date '2000-01-01' or r.started_on > r.period_ends_on) and not (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366))
  or (r.ended_on < r.started_on)
  or (r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 1830)
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.visit_code.matches' as check_id,
  'hold' as severity, 'visit_code' as column_name,
  'Mã lượt chuyên gia' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.visit_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.visit_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.partner_code.matches' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.partner_code.references.bieu_07a' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'một giá trị có trong cột “Mã đối tác” của BIEU_07A' as expected_text
from suspect as r
where r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.started_on.between.possible' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.started_on.between.usual' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where (r.started_on < date '2000-01-01' or r.started_on > r.period_ends_on) and not (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.ended_on.not_before.started_on' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày không trước “Thời gian – Từ ngày”' as expected_text
from suspect as r
where r.ended_on < r.started_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07c.ended_on.within_period.flag' as check_id,
  'flag' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  '(đã che: dữ liệu cá nhân)' as found_text,
  'ngày trong khoảng có thể' as expected_text
from suspect as r
where r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 1830
