-- Generated from ingestion/forms/bieu_01.yml: change that file, then run `htx form check`.
with readable as (
  {{ readable_rows(ref('stg_bieu_01')) }}
),

suspect as materialized (
  select *
  from readable as r
  where
  (r.opening_count < 0 or r.opening_count > 100000)
  or ((r.opening_count < 0 or r.opening_count > 20000) and not (r.opening_count < 0 or r.opening_count > 100000))
  or (r.founded_count < 0 or r.founded_count > 100000)
  or ((r.founded_count < 0 or r.founded_count > 20000) and not (r.founded_count < 0 or r.founded_count > 100000))
  or (r.converted_in_count < 0 or r.converted_in_count > 100000)
  or ((r.converted_in_count < 0 or r.converted_in_count > 20000) and not (r.converted_in_count < 0 or r.converted_in_count > 100000))
  or (r.dissolved_count < 0 or r.dissolved_count > 100000)
  or ((r.dissolved_count < 0 or r.dissolved_count > 20000) and not (r.dissolved_count < 0 or r.dissolved_count > 100000))
  or (r.converted_out_count < 0 or r.converted_out_count > 100000)
  or ((r.converted_out_count < 0 or r.converted_out_count > 20000) and not (r.converted_out_count < 0 or r.converted_out_count > 100000))
  or (r.closing_count < 0 or r.closing_count > 100000)
  or ((r.closing_count < 0 or r.closing_count > 20000) and not (r.closing_count < 0 or r.closing_count > 100000))
  or (r.operating_count > r.closing_count)
  or (r.operating_count < 0 or r.operating_count > 100000)
  or ((r.operating_count < 0 or r.operating_count > 20000) and not (r.operating_count < 0 or r.operating_count > 100000))
  or (r.stopped_count > r.closing_count)
  or (r.stopped_count < 0 or r.stopped_count > 100000)
  or ((r.stopped_count < 0 or r.stopped_count > 20000) and not (r.stopped_count < 0 or r.stopped_count > 100000))
  or (r.member_count < 0 or r.member_count > 20000000)
  or ((r.member_count < 0 or r.member_count > 3000000) and not (r.member_count < 0 or r.member_count > 20000000))
  or (r.worker_count < 0 or r.worker_count > 20000000)
  or ((r.worker_count < 0 or r.worker_count > 3000000) and not (r.worker_count < 0 or r.worker_count > 20000000))
)

select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.opening_count.between.possible' as check_id,
  'flag' as severity, 'opening_count' as column_name,
  'Số lượng tổ chức – Đầu kỳ' as column_header,
  cast(r.opening_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.opening_count < 0 or r.opening_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.opening_count.between.usual' as check_id,
  'flag' as severity, 'opening_count' as column_name,
  'Số lượng tổ chức – Đầu kỳ' as column_header,
  cast(r.opening_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.opening_count < 0 or r.opening_count > 20000) and not (r.opening_count < 0 or r.opening_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.founded_count.between.possible' as check_id,
  'flag' as severity, 'founded_count' as column_name,
  'Số lượng tổ chức – Thành lập mới' as column_header,
  cast(r.founded_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.founded_count < 0 or r.founded_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.founded_count.between.usual' as check_id,
  'flag' as severity, 'founded_count' as column_name,
  'Số lượng tổ chức – Thành lập mới' as column_header,
  cast(r.founded_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.founded_count < 0 or r.founded_count > 20000) and not (r.founded_count < 0 or r.founded_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.converted_in_count.between.possible' as check_id,
  'flag' as severity, 'converted_in_count' as column_name,
  'Số lượng tổ chức – Chuyển đến' as column_header,
  cast(r.converted_in_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.converted_in_count < 0 or r.converted_in_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.converted_in_count.between.usual' as check_id,
  'flag' as severity, 'converted_in_count' as column_name,
  'Số lượng tổ chức – Chuyển đến' as column_header,
  cast(r.converted_in_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.converted_in_count < 0 or r.converted_in_count > 20000) and not (r.converted_in_count < 0 or r.converted_in_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.dissolved_count.between.possible' as check_id,
  'flag' as severity, 'dissolved_count' as column_name,
  'Số lượng tổ chức – Giải thể' as column_header,
  cast(r.dissolved_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.dissolved_count < 0 or r.dissolved_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.dissolved_count.between.usual' as check_id,
  'flag' as severity, 'dissolved_count' as column_name,
  'Số lượng tổ chức – Giải thể' as column_header,
  cast(r.dissolved_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.dissolved_count < 0 or r.dissolved_count > 20000) and not (r.dissolved_count < 0 or r.dissolved_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.converted_out_count.between.possible' as check_id,
  'flag' as severity, 'converted_out_count' as column_name,
  'Số lượng tổ chức – Chuyển đi' as column_header,
  cast(r.converted_out_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.converted_out_count < 0 or r.converted_out_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.converted_out_count.between.usual' as check_id,
  'flag' as severity, 'converted_out_count' as column_name,
  'Số lượng tổ chức – Chuyển đi' as column_header,
  cast(r.converted_out_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.converted_out_count < 0 or r.converted_out_count > 20000) and not (r.converted_out_count < 0 or r.converted_out_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.closing_count.between.possible' as check_id,
  'flag' as severity, 'closing_count' as column_name,
  'Số lượng tổ chức – Cuối kỳ' as column_header,
  cast(r.closing_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.closing_count < 0 or r.closing_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.closing_count.between.usual' as check_id,
  'flag' as severity, 'closing_count' as column_name,
  'Số lượng tổ chức – Cuối kỳ' as column_header,
  cast(r.closing_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.closing_count < 0 or r.closing_count > 20000) and not (r.closing_count < 0 or r.closing_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.operating_count.part_of.closing_count' as check_id,
  'flag' as severity, 'operating_count' as column_name,
  'Tình trạng cuối kỳ – Đang hoạt động' as column_header,
  cast(r.operating_count as varchar) as found_text,
  'không lớn hơn “Số lượng tổ chức – Cuối kỳ”, vì là một phần' || coalesce(' (' || cast(r.closing_count as varchar) || ')', '') as expected_text
from suspect as r
where r.operating_count > r.closing_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.operating_count.between.possible' as check_id,
  'flag' as severity, 'operating_count' as column_name,
  'Tình trạng cuối kỳ – Đang hoạt động' as column_header,
  cast(r.operating_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.operating_count < 0 or r.operating_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.operating_count.between.usual' as check_id,
  'flag' as severity, 'operating_count' as column_name,
  'Tình trạng cuối kỳ – Đang hoạt động' as column_header,
  cast(r.operating_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.operating_count < 0 or r.operating_count > 20000) and not (r.operating_count < 0 or r.operating_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.stopped_count.part_of.closing_count' as check_id,
  'flag' as severity, 'stopped_count' as column_name,
  'Tình trạng cuối kỳ – Ngừng hoạt động' as column_header,
  cast(r.stopped_count as varchar) as found_text,
  'không lớn hơn “Số lượng tổ chức – Cuối kỳ”, vì là một phần' || coalesce(' (' || cast(r.closing_count as varchar) || ')', '') as expected_text
from suspect as r
where r.stopped_count > r.closing_count
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.stopped_count.between.possible' as check_id,
  'flag' as severity, 'stopped_count' as column_name,
  'Tình trạng cuối kỳ – Ngừng hoạt động' as column_header,
  cast(r.stopped_count as varchar) as found_text,
  'từ 0 đến 100.000' as expected_text
from suspect as r
where r.stopped_count < 0 or r.stopped_count > 100000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.stopped_count.between.usual' as check_id,
  'flag' as severity, 'stopped_count' as column_name,
  'Tình trạng cuối kỳ – Ngừng hoạt động' as column_header,
  cast(r.stopped_count as varchar) as found_text,
  'từ 0 đến 20.000' as expected_text
from suspect as r
where (r.stopped_count < 0 or r.stopped_count > 20000) and not (r.stopped_count < 0 or r.stopped_count > 100000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.member_count.between.possible' as check_id,
  'flag' as severity, 'member_count' as column_name,
  'Số thành viên' as column_header,
  cast(r.member_count as varchar) as found_text,
  'từ 0 đến 20.000.000' as expected_text
from suspect as r
where r.member_count < 0 or r.member_count > 20000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.member_count.between.usual' as check_id,
  'flag' as severity, 'member_count' as column_name,
  'Số thành viên' as column_header,
  cast(r.member_count as varchar) as found_text,
  'từ 0 đến 3.000.000' as expected_text
from suspect as r
where (r.member_count < 0 or r.member_count > 3000000) and not (r.member_count < 0 or r.member_count > 20000000)
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.worker_count.between.possible' as check_id,
  'flag' as severity, 'worker_count' as column_name,
  'Số lao động' as column_header,
  cast(r.worker_count as varchar) as found_text,
  'từ 0 đến 20.000.000' as expected_text
from suspect as r
where r.worker_count < 0 or r.worker_count > 20000000
union all
select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, 'bieu_01.worker_count.between.usual' as check_id,
  'flag' as severity, 'worker_count' as column_name,
  'Số lao động' as column_header,
  cast(r.worker_count as varchar) as found_text,
  'từ 0 đến 3.000.000' as expected_text
from suspect as r
where (r.worker_count < 0 or r.worker_count > 3000000) and not (r.worker_count < 0 or r.worker_count > 20000000)
