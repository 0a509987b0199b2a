-- Generated from ingestion/forms/bieu_07d.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_07d')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.contract_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.contract_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366)
  or ((r.signed_on < date '2000-01-01' or r.signed_on > r.period_ends_on) and not (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366))
  or (r.valid_until < r.signed_on)
  or (r.valid_until < date '1986-01-01' or r.valid_until > date '2100-12-31')
  or ((r.valid_until < date '2000-01-01' or r.valid_until > date '2075-12-31') and not (r.valid_until < date '1986-01-01' or r.valid_until > date '2100-12-31'))
  or (r.area_ha < 0 or r.area_ha > 1000000)
  or ((r.area_ha < 0 or r.area_ha > 20000) and not (r.area_ha < 0 or r.area_ha > 1000000))
  or (r.value_vnd < 0 or r.value_vnd > 50000000000000)
  or ((r.value_vnd < 0 or r.value_vnd > 2000000000000) and not (r.value_vnd < 0 or r.value_vnd > 50000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.contract_code.matches' as check_id,
  'hold' as severity, 'contract_code' as column_name,
  'Mã thỏa thuận' as column_header,
  cast(r.contract_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.contract_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.contract_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.partner_code.matches' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  cast(r.partner_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.partner_code.references.bieu_07a' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  cast(r.partner_code as varchar) as found_text,
  'một giá trị có trong cột “Mã đối tác” của BIEU_07A' as expected_text
from suspect as r
where r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.org_code.matches' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.signed_on.between.possible' as check_id,
  'hold' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.signed_on.between.usual' as check_id,
  'flag' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.signed_on < date '2000-01-01' or r.signed_on > r.period_ends_on) and not (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.valid_until.not_before.signed_on' as check_id,
  'hold' as severity, 'valid_until' as column_name,
  'Có hiệu lực đến' as column_header,
  strftime(r.valid_until, '%d/%m/%Y') as found_text,
  'ngày không trước “Ngày ký”' || coalesce(' (' || strftime(r.signed_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.valid_until < r.signed_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.valid_until.between.possible' as check_id,
  'hold' as severity, 'valid_until' as column_name,
  'Có hiệu lực đến' as column_header,
  strftime(r.valid_until, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2100-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.valid_until < date '1986-01-01' or r.valid_until > date '2100-12-31'
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.valid_until.between.usual' as check_id,
  'flag' as severity, 'valid_until' as column_name,
  'Có hiệu lực đến' as column_header,
  strftime(r.valid_until, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2075-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.valid_until < date '2000-01-01' or r.valid_until > date '2075-12-31') and not (r.valid_until < date '1986-01-01' or r.valid_until > date '2100-12-31')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.area_ha.between.possible' as check_id,
  'hold' as severity, 'area_ha' as column_name,
  'Diện tích vùng nguyên liệu' as column_header,
  replace(rtrim(rtrim(cast(cast(r.area_ha as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.area_ha < 0 or r.area_ha > 1000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.area_ha.between.usual' as check_id,
  'flag' as severity, 'area_ha' as column_name,
  'Diện tích vùng nguyên liệu' as column_header,
  replace(rtrim(rtrim(cast(cast(r.area_ha as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.area_ha < 0 or r.area_ha > 20000) and not (r.area_ha < 0 or r.area_ha > 1000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.value_vnd.between.possible' as check_id,
  'hold' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000.000' as expected_text
from suspect as r
where r.value_vnd < 0 or r.value_vnd > 50000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07d.value_vnd.between.usual' as check_id,
  'flag' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 2.000.000' as expected_text
from suspect as r
where (r.value_vnd < 0 or r.value_vnd > 2000000000000) and not (r.value_vnd < 0 or r.value_vnd > 50000000000000)
