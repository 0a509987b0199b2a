-- vi: Một con số của tỉnh nằm ở tệp nào, trang nào, dòng nào?
-- en: In which file, sheet and row does a province's figure stand?
-- grain: one row per row of a sheet behind the figure
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- set: province = khóa tỉnh như 63-46 / key of the province
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
)

select
  province.province_name,
  fact.period_code,
  fact.org_type_code,
  sector.name_vi as sector_name_vi,
  fact.founded_count,
  fact.closing_count,
  artifact.file_name,
  fact.sheet,
  fact.row_number,
  fact.revision,
  fact.recorded_from,
  fact.artifact_sha256
from fct_organisation_count as fact
inner join asked using (period_code)
inner join dim_artifact as artifact using (artifact_sha256)
inner join dim_province as province on province.province_key = fact.province_key
inner join dim_sector as sector using (sector_code)
where
  fact.is_current
  and fact.province_key = coalesce(getvariable('province'), (select min(province_key) from fct_organisation_count where is_current))
order by fact.org_type_code, sector.sort_number
