-- Generated from ingestion/forms/bieu_09.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_09')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.task_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.task_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.task_due_on < date '1986-01-01' or r.task_due_on > date '2100-12-31')
  or ((r.task_due_on < date '2000-01-01' or r.task_due_on > date '2075-12-31') and not (r.task_due_on < date '1986-01-01' or r.task_due_on > date '2100-12-31'))
  or (r.progress_pct < 0 or r.progress_pct > 100)
  or (r.done_on < date '1986-01-01' or r.done_on > r.period_ends_on + 366)
  or ((r.done_on < date '2000-01-01' or r.done_on > r.period_ends_on) and not (r.done_on < date '1986-01-01' or r.done_on > r.period_ends_on + 366))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.task_code.matches' as check_id,
  'hold' as severity, 'task_code' as column_name,
  'Mã nhiệm vụ' as column_header,
  cast(r.task_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.task_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.task_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.task_due_on.between.possible' as check_id,
  'hold' as severity, 'task_due_on' as column_name,
  'Hạn hoàn thành' as column_header,
  strftime(r.task_due_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2100-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.task_due_on < date '1986-01-01' or r.task_due_on > date '2100-12-31'
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.task_due_on.between.usual' as check_id,
  'flag' as severity, 'task_due_on' as column_name,
  'Hạn hoàn thành' as column_header,
  strftime(r.task_due_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2075-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.task_due_on < date '2000-01-01' or r.task_due_on > date '2075-12-31') and not (r.task_due_on < date '1986-01-01' or r.task_due_on > date '2100-12-31')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.progress_pct.between.possible' as check_id,
  'hold' as severity, 'progress_pct' as column_name,
  'Tiến độ' as column_header,
  replace(rtrim(rtrim(cast(cast(r.progress_pct as decimal(38, 6)) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100' as expected_text
from suspect as r
where r.progress_pct < 0 or r.progress_pct > 100
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.done_on.between.possible' as check_id,
  'hold' as severity, 'done_on' as column_name,
  'Ngày hoàn thành' as column_header,
  strftime(r.done_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.done_on < date '1986-01-01' or r.done_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_09.done_on.between.usual' as check_id,
  'flag' as severity, 'done_on' as column_name,
  'Ngày hoàn thành' as column_header,
  strftime(r.done_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.done_on < date '2000-01-01' or r.done_on > r.period_ends_on) and not (r.done_on < date '1986-01-01' or r.done_on > r.period_ends_on + 366)
