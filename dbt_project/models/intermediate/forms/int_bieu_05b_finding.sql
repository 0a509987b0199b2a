-- Generated from ingestion/forms/bieu_05b.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_05b')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.fair_code is not null and exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fair_code = r.fair_code))
  or (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code))
  or (r.booth_count < 0 or r.booth_count > 20000)
  or ((r.booth_count < 0 or r.booth_count > 3000) and not (r.booth_count < 0 or r.booth_count > 20000))
  or (r.sales_vnd < 0 or r.sales_vnd > 10000000000000)
  or ((r.sales_vnd < 0 or r.sales_vnd > 50000000000) and not (r.sales_vnd < 0 or r.sales_vnd > 10000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.fair_code.matches' as check_id,
  'hold' as severity, 'fair_code' as column_name,
  'Mã hội chợ' as column_header,
  cast(r.fair_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.fair_code.references.bieu_05a' as check_id,
  'flag' as severity, 'fair_code' as column_name,
  'Mã hội chợ' as column_header,
  cast(r.fair_code as varchar) as found_text,
  'một giá trị có trong cột “Mã hội chợ” của BIEU_05A' as expected_text
from suspect as r
where r.fair_code is not null and exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_05a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fair_code = r.fair_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.org_code.references.bieu_02' as check_id,
  'flag' as severity, 'org_code' as column_name,
  'Mã số HTX' as column_header,
  cast(r.org_code as varchar) as found_text,
  'một giá trị có trong cột “Mã số” của BIEU_02' as expected_text
from suspect as r
where r.org_code is not null and exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_02') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.org_code = r.org_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.booth_count.between.possible' as check_id,
  'hold' as severity, 'booth_count' as column_name,
  'Số gian hàng' as column_header,
  cast(r.booth_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where r.booth_count < 0 or r.booth_count > 20000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.booth_count.between.usual' as check_id,
  'flag' as severity, 'booth_count' as column_name,
  'Số gian hàng' as column_header,
  cast(r.booth_count as varchar) as found_text,
  'từ 0 đến 3.000' as expected_text
from suspect as r
where (r.booth_count < 0 or r.booth_count > 3000) and not (r.booth_count < 0 or r.booth_count > 20000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.sales_vnd.between.possible' as check_id,
  'hold' as severity, 'sales_vnd' as column_name,
  'Doanh số' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.sales_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.sales_vnd < 0 or r.sales_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05b.sales_vnd.between.usual' as check_id,
  'flag' as severity, 'sales_vnd' as column_name,
  'Doanh số' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.sales_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000' as expected_text
from suspect as r
where (r.sales_vnd < 0 or r.sales_vnd > 50000000000) and not (r.sales_vnd < 0 or r.sales_vnd > 10000000000000)
