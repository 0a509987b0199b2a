-- Generated from ingestion/forms/bieu_05a.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_05a')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.started_on < r.period_starts_on or r.started_on > r.period_ends_on)
  or (r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366)
  or (r.ended_on < r.started_on)
  or (r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 31)
  or (r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366)
  or (r.booth_count < 0 or r.booth_count > 20000)
  or ((r.booth_count < 0 or r.booth_count > 3000) and not (r.booth_count < 0 or r.booth_count > 20000))
  or (r.cooperative_participant_count < 0 or r.cooperative_participant_count > 20000)
  or ((r.cooperative_participant_count < 0 or r.cooperative_participant_count > 3000) and not (r.cooperative_participant_count < 0 or r.cooperative_participant_count > 20000))
  or (r.other_participant_count < 0 or r.other_participant_count > 20000)
  or ((r.other_participant_count < 0 or r.other_participant_count > 3000) and not (r.other_participant_count < 0 or r.other_participant_count > 20000))
  or (r.visitor_count < 0 or r.visitor_count > 20000000)
  or ((r.visitor_count < 0 or r.visitor_count > 2000000) and not (r.visitor_count < 0 or r.visitor_count > 20000000))
  or (r.contract_count < 0 or r.contract_count > 20000)
  or ((r.contract_count < 0 or r.contract_count > 3000) and not (r.contract_count < 0 or r.contract_count > 20000))
  or (r.contract_value_vnd < 0 or r.contract_value_vnd > 50000000000000)
  or ((r.contract_value_vnd < 0 or r.contract_value_vnd > 2000000000000) and not (r.contract_value_vnd < 0 or r.contract_value_vnd > 50000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.fair_code.matches' as check_id,
  'hold' as severity, 'fair_code' as column_name,
  'Mã hội chợ' as column_header,
  cast(r.fair_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.fair_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.fair_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.started_on.within_period.flag' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on or r.started_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.started_on.within_period.hold' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.ended_on.not_before.started_on' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Thời gian – Từ ngày”' || coalesce(' (' || strftime(r.started_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.started_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.ended_on.within_period.flag' as check_id,
  'flag' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 31, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 31
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.ended_on.within_period.hold' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.booth_count.between.possible' as check_id,
  'hold' as severity, 'booth_count' as column_name,
  'Số gian hàng' as column_header,
  cast(r.booth_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where r.booth_count < 0 or r.booth_count > 20000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.booth_count.between.usual' as check_id,
  'flag' as severity, 'booth_count' as column_name,
  'Số gian hàng' as column_header,
  cast(r.booth_count as varchar) as found_text,
  'từ 0 đến 3.000' as expected_text
from suspect as r
where (r.booth_count < 0 or r.booth_count > 3000) and not (r.booth_count < 0 or r.booth_count > 20000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.cooperative_participant_count.between.possible' as check_id,
  'hold' as severity, 'cooperative_participant_count' as column_name,
  'Số đơn vị tham gia – HTX' as column_header,
  cast(r.cooperative_participant_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where r.cooperative_participant_count < 0 or r.cooperative_participant_count > 20000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.cooperative_participant_count.between.usual' as check_id,
  'flag' as severity, 'cooperative_participant_count' as column_name,
  'Số đơn vị tham gia – HTX' as column_header,
  cast(r.cooperative_participant_count as varchar) as found_text,
  'từ 0 đến 3.000' as expected_text
from suspect as r
where (r.cooperative_participant_count < 0 or r.cooperative_participant_count > 3000) and not (r.cooperative_participant_count < 0 or r.cooperative_participant_count > 20000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.other_participant_count.between.possible' as check_id,
  'hold' as severity, 'other_participant_count' as column_name,
  'Số đơn vị tham gia – Đơn vị khác' as column_header,
  cast(r.other_participant_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where r.other_participant_count < 0 or r.other_participant_count > 20000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.other_participant_count.between.usual' as check_id,
  'flag' as severity, 'other_participant_count' as column_name,
  'Số đơn vị tham gia – Đơn vị khác' as column_header,
  cast(r.other_participant_count as varchar) as found_text,
  'từ 0 đến 3.000' as expected_text
from suspect as r
where (r.other_participant_count < 0 or r.other_participant_count > 3000) and not (r.other_participant_count < 0 or r.other_participant_count > 20000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.visitor_count.between.possible' as check_id,
  'hold' as severity, 'visitor_count' as column_name,
  'Khách tham quan' as column_header,
  cast(r.visitor_count as varchar) as found_text,
  'từ 0 đến 20.000.000' as expected_text
from suspect as r
where r.visitor_count < 0 or r.visitor_count > 20000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.visitor_count.between.usual' as check_id,
  'flag' as severity, 'visitor_count' as column_name,
  'Khách tham quan' as column_header,
  cast(r.visitor_count as varchar) as found_text,
  'từ 0 đến 2.000.000' as expected_text
from suspect as r
where (r.visitor_count < 0 or r.visitor_count > 2000000) and not (r.visitor_count < 0 or r.visitor_count > 20000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.contract_count.between.possible' as check_id,
  'hold' as severity, 'contract_count' as column_name,
  'Hợp đồng – Số lượng' as column_header,
  cast(r.contract_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where r.contract_count < 0 or r.contract_count > 20000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.contract_count.between.usual' as check_id,
  'flag' as severity, 'contract_count' as column_name,
  'Hợp đồng – Số lượng' as column_header,
  cast(r.contract_count as varchar) as found_text,
  'từ 0 đến 3.000' as expected_text
from suspect as r
where (r.contract_count < 0 or r.contract_count > 3000) and not (r.contract_count < 0 or r.contract_count > 20000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.contract_value_vnd.between.possible' as check_id,
  'hold' as severity, 'contract_value_vnd' as column_name,
  'Hợp đồng – Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.contract_value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 50.000.000' as expected_text
from suspect as r
where r.contract_value_vnd < 0 or r.contract_value_vnd > 50000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_05a.contract_value_vnd.between.usual' as check_id,
  'flag' as severity, 'contract_value_vnd' as column_name,
  'Hợp đồng – Giá trị' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.contract_value_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 2.000.000' as expected_text
from suspect as r
where (r.contract_value_vnd < 0 or r.contract_value_vnd > 2000000000000) and not (r.contract_value_vnd < 0 or r.contract_value_vnd > 50000000000000)
