-- Generated from ingestion/forms/bieu_04a.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_04a')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.fund_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fund_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.charter_registered_vnd < 0 or r.charter_registered_vnd > 100000000000000)
  or ((r.charter_registered_vnd < 0 or r.charter_registered_vnd > 10000000000000) and not (r.charter_registered_vnd < 0 or r.charter_registered_vnd > 100000000000000))
  or (r.charter_paid_vnd > r.charter_registered_vnd)
  or (r.charter_paid_vnd < 0 or r.charter_paid_vnd > 100000000000000)
  or ((r.charter_paid_vnd < 0 or r.charter_paid_vnd > 10000000000000) and not (r.charter_paid_vnd < 0 or r.charter_paid_vnd > 100000000000000))
  or (r.equity_vnd < -10000000000000 or r.equity_vnd > 100000000000000)
  or ((r.equity_vnd < 0 or r.equity_vnd > 10000000000000) and not (r.equity_vnd < -10000000000000 or r.equity_vnd > 100000000000000))
  or (r.other_sources_vnd < 0 or r.other_sources_vnd > 100000000000000)
  or ((r.other_sources_vnd < 0 or r.other_sources_vnd > 10000000000000) and not (r.other_sources_vnd < 0 or r.other_sources_vnd > 100000000000000))
  or (r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 100000000000000)
  or ((r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 10000000000000) and not (r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 100000000000000))
  or (r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000000)
  or ((r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000) and not (r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000000))
  or (r.repaid_vnd > (r.opening_outstanding_vnd + r.disbursed_vnd))
  or (r.repaid_vnd < 0 or r.repaid_vnd > 100000000000000)
  or ((r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000) and not (r.repaid_vnd < 0 or r.repaid_vnd > 100000000000000))
  or (r.written_off_vnd > (r.opening_outstanding_vnd + r.disbursed_vnd))
  or (r.written_off_vnd < 0 or r.written_off_vnd > 100000000000000)
  or ((r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000) and not (r.written_off_vnd < 0 or r.written_off_vnd > 100000000000000))
  or (r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000000)
  or ((r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000) and not (r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000000))
  or (r.debt_group_1_vnd > r.outstanding_vnd)
  or (r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 100000000000000)
  or ((r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 10000000000000) and not (r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 100000000000000))
  or (r.debt_group_2_vnd > r.outstanding_vnd)
  or (r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 100000000000000)
  or ((r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 10000000000000) and not (r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 100000000000000))
  or (r.debt_group_3_vnd > r.outstanding_vnd)
  or (r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 100000000000000)
  or ((r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 10000000000000) and not (r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 100000000000000))
  or (r.debt_group_4_vnd > r.outstanding_vnd)
  or (r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 100000000000000)
  or ((r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 10000000000000) and not (r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 100000000000000))
  or (r.debt_group_5_vnd > r.outstanding_vnd)
  or (r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 100000000000000)
  or ((r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 10000000000000) and not (r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 100000000000000))
  or (r.provision_vnd > r.outstanding_vnd)
  or (r.provision_vnd < 0 or r.provision_vnd > 100000000000000)
  or ((r.provision_vnd < 0 or r.provision_vnd > 10000000000000) and not (r.provision_vnd < 0 or r.provision_vnd > 100000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.fund_code.matches' as check_id,
  'hold' as severity, 'fund_code' as column_name,
  'Mã quỹ' as column_header,
  cast(r.fund_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.fund_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fund_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.charter_registered_vnd.between.possible' as check_id,
  'hold' as severity, 'charter_registered_vnd' as column_name,
  'Vốn điều lệ – Đăng ký' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_registered_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.charter_registered_vnd < 0 or r.charter_registered_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.charter_registered_vnd.between.usual' as check_id,
  'flag' as severity, 'charter_registered_vnd' as column_name,
  'Vốn điều lệ – Đăng ký' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_registered_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.charter_registered_vnd < 0 or r.charter_registered_vnd > 10000000000000) and not (r.charter_registered_vnd < 0 or r.charter_registered_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.charter_paid_vnd.at_most.charter_registered_vnd' as check_id,
  'flag' as severity, 'charter_paid_vnd' as column_name,
  'Vốn điều lệ – Thực góp' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_paid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Vốn điều lệ – Đăng ký”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.charter_registered_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.charter_paid_vnd > r.charter_registered_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.charter_paid_vnd.between.possible' as check_id,
  'hold' as severity, 'charter_paid_vnd' as column_name,
  'Vốn điều lệ – Thực góp' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_paid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.charter_paid_vnd < 0 or r.charter_paid_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.charter_paid_vnd.between.usual' as check_id,
  'flag' as severity, 'charter_paid_vnd' as column_name,
  'Vốn điều lệ – Thực góp' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.charter_paid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.charter_paid_vnd < 0 or r.charter_paid_vnd > 10000000000000) and not (r.charter_paid_vnd < 0 or r.charter_paid_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.equity_vnd.between.possible' as check_id,
  'hold' as severity, 'equity_vnd' as column_name,
  'Vốn chủ sở hữu' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.equity_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ -10.000.000 đến 100.000.000' as expected_text
from suspect as r
where r.equity_vnd < -10000000000000 or r.equity_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.equity_vnd.between.usual' as check_id,
  'flag' as severity, 'equity_vnd' as column_name,
  'Vốn chủ sở hữu' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.equity_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.equity_vnd < 0 or r.equity_vnd > 10000000000000) and not (r.equity_vnd < -10000000000000 or r.equity_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.other_sources_vnd.between.possible' as check_id,
  'hold' as severity, 'other_sources_vnd' as column_name,
  'Nguồn vốn khác' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.other_sources_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.other_sources_vnd < 0 or r.other_sources_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.other_sources_vnd.between.usual' as check_id,
  'flag' as severity, 'other_sources_vnd' as column_name,
  'Nguồn vốn khác' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.other_sources_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.other_sources_vnd < 0 or r.other_sources_vnd > 10000000000000) and not (r.other_sources_vnd < 0 or r.other_sources_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.opening_outstanding_vnd.between.possible' as check_id,
  'hold' as severity, 'opening_outstanding_vnd' as column_name,
  'Cho vay – Dư nợ đầu kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.opening_outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.opening_outstanding_vnd.between.usual' as check_id,
  'flag' as severity, 'opening_outstanding_vnd' as column_name,
  'Cho vay – Dư nợ đầu kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.opening_outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 10000000000000) and not (r.opening_outstanding_vnd < 0 or r.opening_outstanding_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.disbursed_vnd.between.possible' as check_id,
  'hold' as severity, 'disbursed_vnd' as column_name,
  'Cho vay – Giải ngân trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.disbursed_vnd.between.usual' as check_id,
  'flag' as severity, 'disbursed_vnd' as column_name,
  'Cho vay – Giải ngân trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.disbursed_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.disbursed_vnd < 0 or r.disbursed_vnd > 10000000000000) and not (r.disbursed_vnd < 0 or r.disbursed_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.repaid_vnd.at_most.opening_outstanding_vnd' as check_id,
  'hold' as severity, 'repaid_vnd' as column_name,
  'Cho vay – Thu nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ đầu kỳ” + “Cho vay – Giải ngân trong kỳ”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast((r.opening_outstanding_vnd + r.disbursed_vnd) as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.repaid_vnd > (r.opening_outstanding_vnd + r.disbursed_vnd)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.repaid_vnd.between.possible' as check_id,
  'hold' as severity, 'repaid_vnd' as column_name,
  'Cho vay – Thu nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.repaid_vnd < 0 or r.repaid_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.repaid_vnd.between.usual' as check_id,
  'flag' as severity, 'repaid_vnd' as column_name,
  'Cho vay – Thu nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.repaid_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.repaid_vnd < 0 or r.repaid_vnd > 10000000000000) and not (r.repaid_vnd < 0 or r.repaid_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.written_off_vnd.at_most.opening_outstanding_vnd' as check_id,
  'hold' as severity, 'written_off_vnd' as column_name,
  'Cho vay – Xóa nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ đầu kỳ” + “Cho vay – Giải ngân trong kỳ”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast((r.opening_outstanding_vnd + r.disbursed_vnd) as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.written_off_vnd > (r.opening_outstanding_vnd + r.disbursed_vnd)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.written_off_vnd.between.possible' as check_id,
  'hold' as severity, 'written_off_vnd' as column_name,
  'Cho vay – Xóa nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.written_off_vnd < 0 or r.written_off_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.written_off_vnd.between.usual' as check_id,
  'flag' as severity, 'written_off_vnd' as column_name,
  'Cho vay – Xóa nợ trong kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.written_off_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.written_off_vnd < 0 or r.written_off_vnd > 10000000000000) and not (r.written_off_vnd < 0 or r.written_off_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.outstanding_vnd.between.possible' as check_id,
  'hold' as severity, 'outstanding_vnd' as column_name,
  'Cho vay – Dư nợ cuối kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.outstanding_vnd.between.usual' as check_id,
  'flag' as severity, 'outstanding_vnd' as column_name,
  'Cho vay – Dư nợ cuối kỳ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.outstanding_vnd < 0 or r.outstanding_vnd > 10000000000000) and not (r.outstanding_vnd < 0 or r.outstanding_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_1_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'debt_group_1_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 1' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_1_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.debt_group_1_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_1_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_group_1_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 1' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_1_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_1_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_group_1_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 1' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_1_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 10000000000000) and not (r.debt_group_1_vnd < 0 or r.debt_group_1_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_2_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'debt_group_2_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 2' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_2_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.debt_group_2_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_2_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_group_2_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 2' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_2_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_2_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_group_2_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 2' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_2_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 10000000000000) and not (r.debt_group_2_vnd < 0 or r.debt_group_2_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_3_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'debt_group_3_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 3' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_3_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.debt_group_3_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_3_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_group_3_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 3' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_3_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_3_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_group_3_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 3' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_3_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 10000000000000) and not (r.debt_group_3_vnd < 0 or r.debt_group_3_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_4_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'debt_group_4_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 4' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_4_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.debt_group_4_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_4_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_group_4_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 4' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_4_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_4_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_group_4_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 4' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_4_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 10000000000000) and not (r.debt_group_4_vnd < 0 or r.debt_group_4_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_5_vnd.part_of.outstanding_vnd' as check_id,
  'hold' as severity, 'debt_group_5_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 5' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_5_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”, vì là một phần' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.debt_group_5_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_5_vnd.between.possible' as check_id,
  'hold' as severity, 'debt_group_5_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 5' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_5_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.debt_group_5_vnd.between.usual' as check_id,
  'flag' as severity, 'debt_group_5_vnd' as column_name,
  'Dư nợ theo nhóm – Nhóm 5' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.debt_group_5_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 10000000000000) and not (r.debt_group_5_vnd < 0 or r.debt_group_5_vnd > 100000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.provision_vnd.at_most.outstanding_vnd' as check_id,
  'flag' as severity, 'provision_vnd' as column_name,
  'Dự phòng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.provision_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'không lớn hơn “Cho vay – Dư nợ cuối kỳ”' || coalesce(' (' || replace(rtrim(rtrim(cast(round(cast(r.outstanding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') || ')', '') as expected_text
from suspect as r
where r.provision_vnd > r.outstanding_vnd
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.provision_vnd.between.possible' as check_id,
  'hold' as severity, 'provision_vnd' as column_name,
  'Dự phòng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.provision_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 100.000.000' as expected_text
from suspect as r
where r.provision_vnd < 0 or r.provision_vnd > 100000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_04a.provision_vnd.between.usual' as check_id,
  'flag' as severity, 'provision_vnd' as column_name,
  'Dự phòng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.provision_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000.000' as expected_text
from suspect as r
where (r.provision_vnd < 0 or r.provision_vnd > 10000000000000) and not (r.provision_vnd < 0 or r.provision_vnd > 100000000000000)
