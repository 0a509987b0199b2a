-- Generated from ingestion/forms/bieu_05c.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_05c')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.contract_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.contract_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.fair_code is not null and exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fair_code = r.fair_code))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code))
  or (r.signed_on < r.period_starts_on - 31 or r.signed_on > r.period_ends_on)
  or (r.signed_on < r.period_starts_on - 1100 or r.signed_on > r.period_ends_on + 366)
  or (r.value_vnd < 0 or r.value_vnd > 50000000000000)
  or ((r.value_vnd < 0 or r.value_vnd > 2000000000000) and not (r.value_vnd < 0 or r.value_vnd > 50000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.contract_code.matches' as check_id,
  'hold' as severity, 'contract_code' as column_name,
  'Mã hợp đồng' as column_header,
  cast(r.contract_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.contract_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.contract_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.fair_code.matches' as check_id,
  'hold' as severity, 'fair_code' as column_name,
  'Mã hội chợ' as column_header,
  cast(r.fair_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.fair_code.references.bieu_05a' as check_id,
  'flag' as severity, 'fair_code' as column_name,
  'Mã hội chợ' as column_header,
  cast(r.fair_code as varchar) as found_text,
  'một giá trị có trong cột “Mã hội chợ” của BIEU_05A' as expected_text
from suspect as r
where r.fair_code is not null and exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fair_code = r.fair_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.org_code.references.bieu_02' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  cast(r.org_code as varchar) as found_text,
  'một giá trị có trong cột “Mã số” của BIEU_02' as expected_text
from suspect as r
where r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.signed_on.within_period.flag' as check_id,
  'flag' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 31, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.signed_on < r.period_starts_on - 31 or r.signed_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.signed_on.within_period.hold' as check_id,
  'hold' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.signed_on < r.period_starts_on - 1100 or r.signed_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.value_vnd.between.possible' as check_id,
  'hold' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000.000' as expected_text
from suspect as r
where r.value_vnd < 0 or r.value_vnd > 50000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05c.value_vnd.between.usual' as check_id,
  'flag' as severity, 'value_vnd' as column_name,
  'Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 2.000.000' as expected_text
from suspect as r
where (r.value_vnd < 0 or r.value_vnd > 2000000000000) and not (r.value_vnd < 0 or r.value_vnd > 50000000000000)
