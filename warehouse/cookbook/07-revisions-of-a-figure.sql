-- vi: Số thành lập mới của mỗi tỉnh đã được sửa những lần nào?
-- en: How was the number founded revised, province by province?
-- grain: one row per province × accepted statement, only where there are several
-- set: period = tháng, mặc định tháng gần nhất có báo cáo / month, by default the last one reported
-- mind: recorded_from = recorded_to: đến sau bản tốt hơn, chưa từng có hiệu lực. / Came after a better one and never counted.
with asked as (
  select coalesce(getvariable('period'), max(period_code)) as period_code
  from fct_organisation_count inner join dim_period using (period_code)
  where is_current and period_type = 'month'
),

stated as (
  select
    fact.province_key,
    fact.period_code,
    fact.revision,
    fact.recorded_from,
    fact.recorded_to,
    fact.is_current,
    any_value(artifact.file_name) as file_name,
    sum(fact.founded_count) as founded_count,
    sum(fact.closing_count) as closing_count
  from fct_organisation_count as fact
  inner join asked using (period_code)
  inner join dim_artifact as artifact using (artifact_sha256)
  where fact.org_type_code = 'HTX'
  group by all
)

select
  province.province_name,
  stated.* exclude (province_key)
from stated
inner join dim_province as province using (province_key)
qualify count(*) over (partition by stated.province_key) > 1
order by province.province_name, stated.recorded_from, stated.revision
