-- Generated from ingestion/forms/bieu_10.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_10')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (r.target_year < 2000 or r.target_year > 2060)
  or ((r.target_year < 2010 or r.target_year > 2050) and not (r.target_year < 2000 or r.target_year > 2060))
  or (r.target_value < 0 or r.target_value > 100000000000000000)
  or (r.target_value_max < r.target_value)
  or (r.target_value_max < 0 or r.target_value_max > 100000000000000000)
  or (r.stated_actual < 0 or r.stated_actual > 100000000000000000)
  or (r.stated_attainment_pct < 0 or r.stated_attainment_pct > 100000)
  or ((r.stated_attainment_pct < 0 or r.stated_attainment_pct > 1000) and not (r.stated_attainment_pct < 0 or r.stated_attainment_pct > 100000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.target_year.between.possible' as check_id,
  'hold' as severity, 'target_year' as column_name,
  'Năm kế hoạch' as column_header,
  cast(r.target_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where r.target_year < 2000 or r.target_year > 2060
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.target_year.between.usual' as check_id,
  'flag' as severity, 'target_year' as column_name,
  'Năm kế hoạch' as column_header,
  cast(r.target_year as varchar) as found_text,
  'năm trong khoảng có thể' as expected_text
from suspect as r
where (r.target_year < 2010 or r.target_year > 2050) and not (r.target_year < 2000 or r.target_year > 2060)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.target_value.between.possible' as check_id,
  'hold' as severity, 'target_value' as column_name,
  'Chỉ tiêu giao – Giá trị' as column_header,
  replace(rtrim(rtrim(cast(cast(r.target_value as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000.000.000.000' as expected_text
from suspect as r
where r.target_value < 0 or r.target_value > 100000000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.target_value_max.at_least.target_value' as check_id,
  'hold' as severity, 'target_value_max' as column_name,
  'Chỉ tiêu giao – Đến' as column_header,
  replace(rtrim(rtrim(cast(cast(r.target_value_max as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'không nhỏ hơn “Chỉ tiêu giao – Giá trị”' || coalesce(' (' || replace(rtrim(rtrim(cast(cast(r.target_value as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.target_value_max < r.target_value
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.target_value_max.between.possible' as check_id,
  'hold' as severity, 'target_value_max' as column_name,
  'Chỉ tiêu giao – Đến' as column_header,
  replace(rtrim(rtrim(cast(cast(r.target_value_max as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000.000.000.000' as expected_text
from suspect as r
where r.target_value_max < 0 or r.target_value_max > 100000000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.stated_actual.between.possible' as check_id,
  'hold' as severity, 'stated_actual' as column_name,
  'Thực hiện lũy kế – Kết quả' as column_header,
  replace(rtrim(rtrim(cast(cast(r.stated_actual as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000.000.000.000' as expected_text
from suspect as r
where r.stated_actual < 0 or r.stated_actual > 100000000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.stated_attainment_pct.between.possible' as check_id,
  'hold' as severity, 'stated_attainment_pct' as column_name,
  'Thực hiện lũy kế – So với kế hoạch' as column_header,
  replace(rtrim(rtrim(cast(cast(r.stated_attainment_pct as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.stated_attainment_pct < 0 or r.stated_attainment_pct > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_10.stated_attainment_pct.between.usual' as check_id,
  'flag' as severity, 'stated_attainment_pct' as column_name,
  'Thực hiện lũy kế – So với kế hoạch' as column_header,
  replace(rtrim(rtrim(cast(cast(r.stated_attainment_pct as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000' as expected_text
from suspect as r
where (r.stated_attainment_pct < 0 or r.stated_attainment_pct > 1000) and not (r.stated_attainment_pct < 0 or r.stated_attainment_pct > 100000)
