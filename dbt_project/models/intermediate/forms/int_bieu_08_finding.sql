-- Generated from ingestion/forms/bieu_08.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_08')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.model_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.model_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.ocop_star_count < 1 or r.ocop_star_count > 5)
  or (r.area_ha < 0 or r.area_ha > 1000000)
  or ((r.area_ha < 0 or r.area_ha > 20000) and not (r.area_ha < 0 or r.area_ha > 1000000))
  or (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366)
  or ((r.started_on < date '2000-01-01' or r.started_on > r.period_ends_on) and not (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366))
  or (r.support_vnd < 0 or r.support_vnd > 10000000000000)
  or ((r.support_vnd < 0 or r.support_vnd > 100000000000) and not (r.support_vnd < 0 or r.support_vnd > 10000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.model_code.matches' as check_id,
  'hold' as severity, 'model_code' as column_name,
  'Mã mô hình' as column_header,
  cast(r.model_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.model_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.model_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.ocop_star_count.between.possible' as check_id,
  'hold' as severity, 'ocop_star_count' as column_name,
  'Số sao OCOP' as column_header,
  cast(r.ocop_star_count as varchar) as found_text,
  'từ 1 đến 5' as expected_text
from suspect as r
where r.ocop_star_count < 1 or r.ocop_star_count > 5
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.area_ha.between.possible' as check_id,
  'hold' as severity, 'area_ha' as column_name,
  'Diện tích' as column_header,
  replace(rtrim(rtrim(cast(cast(r.area_ha as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.area_ha < 0 or r.area_ha > 1000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.area_ha.between.usual' as check_id,
  'flag' as severity, 'area_ha' as column_name,
  'Diện tích' as column_header,
  replace(rtrim(rtrim(cast(cast(r.area_ha as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.area_ha < 0 or r.area_ha > 20000) and not (r.area_ha < 0 or r.area_ha > 1000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.started_on.between.possible' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Ngày bắt đầu' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.started_on.between.usual' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Ngày bắt đầu' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.started_on < date '2000-01-01' or r.started_on > r.period_ends_on) and not (r.started_on < date '1986-01-01' or r.started_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.support_vnd.between.possible' as check_id,
  'hold' as severity, 'support_vnd' as column_name,
  'Kinh phí hỗ trợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.support_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.support_vnd < 0 or r.support_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_08.support_vnd.between.usual' as check_id,
  'flag' as severity, 'support_vnd' as column_name,
  'Kinh phí hỗ trợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.support_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.support_vnd < 0 or r.support_vnd > 100000000000) and not (r.support_vnd < 0 or r.support_vnd > 10000000000000)
