-- Generated from ingestion/forms/bieu_07b.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_07b')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (not regexp_full_match(r.event_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.event_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*'))
  or (r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code))
  or (r.started_on < r.period_starts_on - 31 or r.started_on > r.period_ends_on)
  or (r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366)
  or (r.ended_on < r.started_on)
  or (r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 92)
  or (r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366)
  or (r.person_count < 0 or r.person_count > 100000)
  or ((r.person_count < 0 or r.person_count > 5000) and not (r.person_count < 0 or r.person_count > 100000))
  or (r.female_count > r.person_count)
  or (r.female_count < 0 or r.female_count > 100000)
  or ((r.female_count < 0 or r.female_count > 5000) and not (r.female_count < 0 or r.female_count > 100000))
  or (r.partner_funding_vnd < 0 or r.partner_funding_vnd > 1000000000000)
  or ((r.partner_funding_vnd < 0 or r.partner_funding_vnd > 10000000000) and not (r.partner_funding_vnd < 0 or r.partner_funding_vnd > 1000000000000))
  or (r.own_funding_vnd < 0 or r.own_funding_vnd > 1000000000000)
  or ((r.own_funding_vnd < 0 or r.own_funding_vnd > 10000000000) and not (r.own_funding_vnd < 0 or r.own_funding_vnd > 1000000000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.event_code.matches' as check_id,
  'hold' as severity, 'event_code' as column_name,
  'Mã hoạt động' as column_header,
  cast(r.event_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.event_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.event_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.partner_code.matches' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  cast(r.partner_code as varchar) as found_text,
  'mã dưới 60 ký tự như trong danh sách, không phải số dạng 3,3E+09; ô kiểu văn bản' as expected_text
from suspect as r
where not regexp_full_match(r.partner_code, '[^ ].{0,58}[^ ]|[^ ]') or regexp_full_match(r.partner_code, '[0-9]+([.,][0-9]+)?E[+]?[0-9]+|[0-9]+[.,]0+|#.*')
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.partner_code.references.bieu_07a' as check_id,
  'flag' as severity, 'partner_code' as column_name,
  'Mã đối tác' as column_header,
  cast(r.partner_code as varchar) as found_text,
  'một giá trị có trong cột “Mã đối tác” của BIEU_07A' as expected_text
from suspect as r
where r.partner_code is not null and exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256) and not exists (select 1 from {{ ref('stg_bieu_07a') }} as o where o.artifact_sha256 = r.artifact_sha256 and o.partner_code = r.partner_code)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.started_on.within_period.flag' as check_id,
  'flag' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 31, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 31 or r.started_on > r.period_ends_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.started_on.within_period.hold' as check_id,
  'hold' as severity, 'started_on' as column_name,
  'Thời gian – Từ ngày' as column_header,
  strftime(r.started_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.started_on < r.period_starts_on - 1100 or r.started_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.ended_on.not_before.started_on' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày không trước “Thời gian – Từ ngày”' || coalesce(' (' || strftime(r.started_on, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.started_on
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.ended_on.within_period.flag' as check_id,
  'flag' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 92, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on or r.ended_on > r.period_ends_on + 92
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.ended_on.within_period.hold' as check_id,
  'hold' as severity, 'ended_on' as column_name,
  'Thời gian – Đến ngày' as column_header,
  strftime(r.ended_on, '%d/%m/%Y') as found_text,
  'ngày trong khoảng có thể' || coalesce(' (' || 'từ ' || strftime(r.period_starts_on - 1100, '%d/%m/%Y') || ' ' || 'đến ' || strftime(r.period_ends_on + 366, '%d/%m/%Y') || ')', '') as expected_text
from suspect as r
where r.ended_on < r.period_starts_on - 1100 or r.ended_on > r.period_ends_on + 366
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.person_count.between.possible' as check_id,
  'hold' as severity, 'person_count' as column_name,
  'Số người – Tổng số' as column_header,
  cast(r.person_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.person_count < 0 or r.person_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.person_count.between.usual' as check_id,
  'flag' as severity, 'person_count' as column_name,
  'Số người – Tổng số' as column_header,
  cast(r.person_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.person_count < 0 or r.person_count > 5000) and not (r.person_count < 0 or r.person_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.female_count.part_of.person_count' as check_id,
  'hold' as severity, 'female_count' as column_name,
  'Số người – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'không lớn hơn “Số người – Tổng số”, vì là một phần' || coalesce(' (' || cast(r.person_count as varchar) || ')', '') as expected_text
from suspect as r
where r.female_count > r.person_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.female_count.between.possible' as check_id,
  'hold' as severity, 'female_count' as column_name,
  'Số người – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.female_count < 0 or r.female_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.female_count.between.usual' as check_id,
  'flag' as severity, 'female_count' as column_name,
  'Số người – Nữ' as column_header,
  cast(r.female_count as varchar) as found_text,
  'từ 0 đến 5.000' as expected_text
from suspect as r
where (r.female_count < 0 or r.female_count > 5000) and not (r.female_count < 0 or r.female_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.partner_funding_vnd.between.possible' as check_id,
  'hold' as severity, 'partner_funding_vnd' as column_name,
  'Kinh phí – Đối tác tài trợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.partner_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.partner_funding_vnd < 0 or r.partner_funding_vnd > 1000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.partner_funding_vnd.between.usual' as check_id,
  'flag' as severity, 'partner_funding_vnd' as column_name,
  'Kinh phí – Đối tác tài trợ' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.partner_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where (r.partner_funding_vnd < 0 or r.partner_funding_vnd > 10000000000) and not (r.partner_funding_vnd < 0 or r.partner_funding_vnd > 1000000000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.own_funding_vnd.between.possible' as check_id,
  'hold' as severity, 'own_funding_vnd' as column_name,
  'Kinh phí – Đối ứng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.own_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 1.000.000' as expected_text
from suspect as r
where r.own_funding_vnd < 0 or r.own_funding_vnd > 1000000000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_07b.own_funding_vnd.between.usual' as check_id,
  'flag' as severity, 'own_funding_vnd' as column_name,
  'Kinh phí – Đối ứng' as column_header,
  replace(rtrim(rtrim(cast(round(cast(r.own_funding_vnd as decimal(28, 4)) * cast(0.000001 as decimal(6, 6)), 4) as varchar), '0'), '.'), '.', ',') as found_text,
  'từ 0 đến 10.000' as expected_text
from suspect as r
where (r.own_funding_vnd < 0 or r.own_funding_vnd > 10000000000) and not (r.own_funding_vnd < 0 or r.own_funding_vnd > 1000000000000)
