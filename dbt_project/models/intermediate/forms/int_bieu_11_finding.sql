-- Generated from ingestion/forms/bieu_11.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_11')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on + 366)
  or ((r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on) and not (r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on + 366))
  or (r.deadline_on < r.stopped_since)
  or (r.deadline_on < date '1986-01-01' or r.deadline_on > date '2100-12-31')
  or ((r.deadline_on < date '2000-01-01' or r.deadline_on > date '2075-12-31') and not (r.deadline_on < date '1986-01-01' or r.deadline_on > date '2100-12-31'))
  or (r.debt_vnd < 0 or r.debt_vnd > 50000000000000)
  or ((r.debt_vnd < 0 or r.debt_vnd > 1000000000000) and not (r.debt_vnd < 0 or r.debt_vnd > 50000000000000))
  or (r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 50000000000000)
  or ((r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 1000000000000) and not (r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 50000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.org_code.matches' as check_id,
  'hold' as severity, 'org_code' as column_name,
  'Mã số' as column_header,
  cast(r.org_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.org_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.org_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.stopped_since.between.possible' as check_id,
  'hold' as severity, 'stopped_since' as column_name,
  'Ngừng hoạt động từ' as column_header,
  strftime(r.stopped_since, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.stopped_since.between.usual' as check_id,
  'flag' as severity, 'stopped_since' as column_name,
  'Ngừng hoạt động từ' as column_header,
  strftime(r.stopped_since, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1945-09-02', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on) and not (r.stopped_since < date '1945-09-02' or r.stopped_since > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.deadline_on.not_before.stopped_since' as check_id,
  'hold' as severity, 'deadline_on' as column_name,
  'Hạn xử lý' as column_header,
  strftime(r.deadline_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Ngừng hoạt động từ”' || coalesce(' (' || strftime(r.stopped_since, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.deadline_on < r.stopped_since
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.deadline_on.between.possible' as check_id,
  'hold' as severity, 'deadline_on' as column_name,
  'Hạn xử lý' as column_header,
  strftime(r.deadline_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2100-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.deadline_on < date '1986-01-01' or r.deadline_on > date '2100-12-31'
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.deadline_on.between.usual' as check_id,
  'flag' as severity, 'deadline_on' as column_name,
  'Hạn xử lý' as column_header,
  strftime(r.deadline_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2075-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.deadline_on < date '2000-01-01' or r.deadline_on > date '2075-12-31') and not (r.deadline_on < date '1986-01-01' or r.deadline_on > date '2100-12-31')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.debt_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_vnd' as column_name,
  'Nợ phải trả' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000.000' as expected_text
from suspect as r
where r.debt_vnd < 0 or r.debt_vnd > 50000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.debt_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_vnd' as column_name,
  'Nợ phải trả' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where (r.debt_vnd < 0 or r.debt_vnd > 1000000000000) and not (r.debt_vnd < 0 or r.debt_vnd > 50000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.undivided_assets_vnd.between.possible' as check_id,
  'hold' as severity, 'undivided_assets_vnd' as column_name,
  'Tài sản không chia' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.undivided_assets_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000.000' as expected_text
from suspect as r
where r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 50000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_11.undivided_assets_vnd.between.usual' as check_id,
  'flag' as severity, 'undivided_assets_vnd' as column_name,
  'Tài sản không chia' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.undivided_assets_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where (r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 1000000000000) and not (r.undivided_assets_vnd < 0 or r.undivided_assets_vnd > 50000000000000)
