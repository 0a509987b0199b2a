-- Generated from ingestion/forms/bieu_04b.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_04b')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.loan_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.loan_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.fund_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fund_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.fund_code is not null and exists (select 1 from {{ ref('stg_bieu_04a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_04a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fund_code = r.fund_code))
  or (not regexp_full_match(r.borrower_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.borrower_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.project_cost_vnd < 0 or r.project_cost_vnd > 10000000000000)
  or ((r.project_cost_vnd < 0 or r.project_cost_vnd > 100000000000) and not (r.project_cost_vnd < 0 or r.project_cost_vnd > 10000000000000))
  or (r.own_capital_vnd > r.project_cost_vnd)
  or (r.own_capital_vnd < 0 or r.own_capital_vnd > 10000000000000)
  or ((r.own_capital_vnd < 0 or r.own_capital_vnd > 100000000000) and not (r.own_capital_vnd < 0 or r.own_capital_vnd > 10000000000000))
  or (r.principal_vnd > r.project_cost_vnd)
  or (r.principal_vnd < 0 or r.principal_vnd > 10000000000000)
  or ((r.principal_vnd < 0 or r.principal_vnd > 100000000000) and not (r.principal_vnd < 0 or r.principal_vnd > 10000000000000))
  or (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366)
  or ((r.signed_on < date '2000-01-01' or r.signed_on > r.period_ends_on) and not (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366))
  or (r.due_on <= r.signed_on)
  or (r.due_on < date '1986-01-01' or r.due_on > date '2100-12-31')
  or ((r.due_on < date '2000-01-01' or r.due_on > date '2075-12-31') and not (r.due_on < date '1986-01-01' or r.due_on > date '2100-12-31'))
  or (r.rate_per_year_pct < 0 or r.rate_per_year_pct > 60)
  or ((r.rate_per_year_pct < 0 or r.rate_per_year_pct > 20) and not (r.rate_per_year_pct < 0 or r.rate_per_year_pct > 60))
  or (r.disbursed_vnd > r.principal_vnd)
  or (r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000)
  or ((r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000) and not (r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000))
  or (r.repaid_vnd > r.disbursed_vnd)
  or (r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000)
  or ((r.repaid_vnd < 0 or r.repaid_vnd > 100000000000) and not (r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000))
  or (r.written_off_vnd > r.disbursed_vnd)
  or (r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000)
  or ((r.written_off_vnd < 0 or r.written_off_vnd > 100000000000) and not (r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000))
  or (r.outstanding_vnd > r.disbursed_vnd)
  or (r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000)
  or ((r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000) and not (r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000))
  or (r.overdue_vnd > r.outstanding_vnd)
  or (r.overdue_vnd < 0 or r.overdue_vnd > 10000000000000)
  or ((r.overdue_vnd < 0 or r.overdue_vnd > 100000000000) and not (r.overdue_vnd < 0 or r.overdue_vnd > 10000000000000))
  or (r.debt_group < 1 or r.debt_group > 5)
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.loan_code.matches' as check_id,
  'hold' as severity, 'loan_code' as column_name,
  'Mã khoản vay' as column_header,
  cast(r.loan_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.loan_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.loan_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.fund_code.matches' as check_id,
  'hold' as severity, 'fund_code' as column_name,
  'Mã quỹ' as column_header,
  cast(r.fund_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.fund_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fund_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.fund_code.references.bieu_04a' as check_id,
  'flag' as severity, 'fund_code' as column_name,
  'Mã quỹ' as column_header,
  cast(r.fund_code as varchar) as found_text,
  'một giá trị có trong cột “Mã quỹ” của BIEU_04A' as expected_text
from suspect as r
where r.fund_code is not null and exists (select 1 from {{ ref('stg_bieu_04a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_04a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.fund_code = r.fund_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.borrower_code.matches' as check_id,
  'hold' as severity, 'borrower_code' as column_name,
  'Mã khách hàng' as column_header,
  cast(r.borrower_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.borrower_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.borrower_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.project_cost_vnd.between.possible' as check_id,
  'hold' as severity, 'project_cost_vnd' as column_name,
  'Tổng vốn dự án' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.project_cost_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.project_cost_vnd < 0 or r.project_cost_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.project_cost_vnd.between.usual' as check_id,
  'flag' as severity, 'project_cost_vnd' as column_name,
  'Tổng vốn dự án' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.project_cost_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.project_cost_vnd < 0 or r.project_cost_vnd > 100000000000) and not (r.project_cost_vnd < 0 or r.project_cost_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.own_capital_vnd.part_of.project_cost_vnd' as check_id,
  'hold' as severity, 'own_capital_vnd' as column_name,
  'Vốn tự có' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.own_capital_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Tổng vốn dự án”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.project_cost_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.own_capital_vnd > r.project_cost_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.own_capital_vnd.between.possible' as check_id,
  'hold' as severity, 'own_capital_vnd' as column_name,
  'Vốn tự có' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.own_capital_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.own_capital_vnd < 0 or r.own_capital_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.own_capital_vnd.between.usual' as check_id,
  'flag' as severity, 'own_capital_vnd' as column_name,
  'Vốn tự có' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.own_capital_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.own_capital_vnd < 0 or r.own_capital_vnd > 100000000000) and not (r.own_capital_vnd < 0 or r.own_capital_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.principal_vnd.at_most.project_cost_vnd' as check_id,
  'flag' as severity, 'principal_vnd' as column_name,
  'Số tiền vay' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.principal_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Tổng vốn dự án”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.project_cost_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.principal_vnd > r.project_cost_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.principal_vnd.between.possible' as check_id,
  'hold' as severity, 'principal_vnd' as column_name,
  'Số tiền vay' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.principal_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.principal_vnd < 0 or r.principal_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.principal_vnd.between.usual' as check_id,
  'flag' as severity, 'principal_vnd' as column_name,
  'Số tiền vay' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.principal_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.principal_vnd < 0 or r.principal_vnd > 100000000000) and not (r.principal_vnd < 0 or r.principal_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.signed_on.between.possible' as check_id,
  'hold' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.signed_on.between.usual' as check_id,
  'flag' as severity, 'signed_on' as column_name,
  'Ngày ký' as column_header,
  strftime(r.signed_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.signed_on < date '2000-01-01' or r.signed_on > r.period_ends_on) and not (r.signed_on < date '1986-01-01' or r.signed_on > r.period_ends_on + 366)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.due_on.after.signed_on' as check_id,
  'hold' as severity, 'due_on' as column_name,
  'Ngày đến hạn' as column_header,
  strftime(r.due_on, '%d/%m/%Y') as found_text,
  'ngày sau “Ngày ký”' || coalesce(' (' || strftime(r.signed_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.due_on <= r.signed_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.due_on.between.possible' as check_id,
  'hold' as severity, 'due_on' as column_name,
  'Ngày đến hạn' as column_header,
  strftime(r.due_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '1986-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2100-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.due_on < date '1986-01-01' or r.due_on > date '2100-12-31'
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.due_on.between.usual' as check_id,
  'flag' as severity, 'due_on' as column_name,
  'Ngày đến hạn' as column_header,
  strftime(r.due_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(date '2000-01-01', '%d/%m/%Y') || ' ' || 'đến ' || strftime(date '2075-12-31', '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where (r.due_on < date '2000-01-01' or r.due_on > date '2075-12-31') and not (r.due_on < date '1986-01-01' or r.due_on > date '2100-12-31')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.rate_per_year_pct.between.possible' as check_id,
  'hold' as severity, 'rate_per_year_pct' as column_name,
  'Lãi suất' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.rate_per_year_pct as decimal(38, 6)) / 12, 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 5' as expected_text
from suspect as r
where r.rate_per_year_pct < 0 or r.rate_per_year_pct > 60
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.rate_per_year_pct.between.usual' as check_id,
  'flag' as severity, 'rate_per_year_pct' as column_name,
  'Lãi suất' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.rate_per_year_pct as decimal(38, 6)) / 12, 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1,6667' as expected_text
from suspect as r
where (r.rate_per_year_pct < 0 or r.rate_per_year_pct > 20) and not (r.rate_per_year_pct < 0 or r.rate_per_year_pct > 60)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.disbursed_vnd.at_most.principal_vnd' as check_id,
  'hold' as severity, 'disbursed_vnd' as column_name,
  'Lũy kế – Giải ngân' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Số tiền vay”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.principal_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.disbursed_vnd > r.principal_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.disbursed_vnd.between.possible' as check_id,
  'hold' as severity, 'disbursed_vnd' as column_name,
  'Lũy kế – Giải ngân' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.disbursed_vnd.between.usual' as check_id,
  'flag' as severity, 'disbursed_vnd' as column_name,
  'Lũy kế – Giải ngân' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000) and not (r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.repaid_vnd.at_most.disbursed_vnd' as check_id,
  'hold' as severity, 'repaid_vnd' as column_name,
  'Lũy kế – Thu nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Lũy kế – Giải ngân”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.repaid_vnd > r.disbursed_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.repaid_vnd.between.possible' as check_id,
  'hold' as severity, 'repaid_vnd' as column_name,
  'Lũy kế – Thu nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.repaid_vnd.between.usual' as check_id,
  'flag' as severity, 'repaid_vnd' as column_name,
  'Lũy kế – Thu nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.repaid_vnd < 0 or r.repaid_vnd > 100000000000) and not (r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.written_off_vnd.at_most.disbursed_vnd' as check_id,
  'hold' as severity, 'written_off_vnd' as column_name,
  'Lũy kế – Xóa nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Lũy kế – Giải ngân”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.written_off_vnd > r.disbursed_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.written_off_vnd.between.possible' as check_id,
  'hold' as severity, 'written_off_vnd' as column_name,
  'Lũy kế – Xóa nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.written_off_vnd.between.usual' as check_id,
  'flag' as severity, 'written_off_vnd' as column_name,
  'Lũy kế – Xóa nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.written_off_vnd < 0 or r.written_off_vnd > 100000000000) and not (r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.outstanding_vnd.at_most.disbursed_vnd' as check_id,
  'hold' as severity, 'outstanding_vnd' as column_name,
  'Dư nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Lũy kế – Giải ngân”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.outstanding_vnd > r.disbursed_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.outstanding_vnd.between.possible' as check_id,
  'hold' as severity, 'outstanding_vnd' as column_name,
  'Dư nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.outstanding_vnd.between.usual' as check_id,
  'flag' as severity, 'outstanding_vnd' as column_name,
  'Dư nợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000) and not (r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.overdue_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'overdue_vnd' as column_name,
  'Nợ quá hạn' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.overdue_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Dư nợ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.overdue_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.overdue_vnd.between.possible' as check_id,
  'hold' as severity, 'overdue_vnd' as column_name,
  'Nợ quá hạn' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.overdue_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where r.overdue_vnd < 0 or r.overdue_vnd > 10000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.overdue_vnd.between.usual' as check_id,
  'flag' as severity, 'overdue_vnd' as column_name,
  'Nợ quá hạn' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.overdue_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where (r.overdue_vnd < 0 or r.overdue_vnd > 100000000000) and not (r.overdue_vnd < 0 or r.overdue_vnd > 10000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04b.debt_group.between.possible' as check_id,
  'hold' as severity, 'debt_group' as column_name,
  'Nhóm nợ' as column_header,
  cast(r.debt_group as varchar) as found_text,
  'từ 1 đến 5' as expected_text
from suspect as r
where r.debt_group < 1 or r.debt_group > 5
