-- Generated from ingestion/forms/bieu_13.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_13')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.service_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.service_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.delivered_on < r.period_starts_on - 31 or r.delivered_on > r.period_ends_on)
  or (r.delivered_on < r.period_starts_on - 1100 or r.delivered_on > r.period_ends_on + 366)
  or (r.beneficiary_count < 0 or r.beneficiary_count > 100000)
  or ((r.beneficiary_count < 0 or r.beneficiary_count > 5000) and not (r.beneficiary_count < 0 or r.beneficiary_count > 100000))
  or (r.value_vnd < 0 or r.value_vnd > 10000000000000)
  or ((r.value_vnd < 0 or r.value_vnd > 100000000000) and not (r.value_vnd < 0 or r.value_vnd > 10000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.service_code.matches' as check_id,
  'hold' as severity, 'service_code' as column_name,
  'Mã lượt dịch vụ' as column_header,
  cast(r.service_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.service_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.service_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số tổ chức' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.delivered_on.within_period.flag' as check_id,
  'flag' as severity, 'delivered_on' as column_name,
  'Ngày cung cấp' as column_header,
  strftime(r.delivered_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 31, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.delivered_on < r.period_starts_on - 31 or r.delivered_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.delivered_on.within_period.hold' as check_id,
  'hold' as severity, 'delivered_on' as column_name,
  'Ngày cung cấp' as column_header,
  strftime(r.delivered_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.delivered_on < r.period_starts_on - 1100 or r.delivered_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.beneficiary_count.between.possible' as check_id,
  'hold' as severity, 'beneficiary_count' as column_name,
  'Số người thụ hưởng' as column_header,
  cast(r.beneficiary_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.beneficiary_count < 0 or r.beneficiary_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.beneficiary_count.between.usual' as check_id,
  'flag' as severity, 'beneficiary_count' as column_name,
  'Số người thụ hưởng' as column_header,
  cast(r.beneficiary_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.beneficiary_count < 0 or r.beneficiary_count > 5000) and not (r.beneficiary_count < 0 or r.beneficiary_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.value_vnd.between.possible' as check_id,
  'hold' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.value_vnd < 0 or r.value_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_13.value_vnd.between.usual' as check_id,
  'flag' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.value_vnd < 0 or r.value_vnd > 100000000000) and not (r.value_vnd < 0 or r.value_vnd > 10000000000000)
