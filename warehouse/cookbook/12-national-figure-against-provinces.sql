-- vi: Số VCA công bố có bằng tổng các tỉnh báo cáo không?
-- en: Does the published national figure equal the sum of the provinces?
-- grain: one row per indicator × organisation type × period
-- mind: Chỉ so được khi mọi tỉnh đã báo cáo (is_comparable). / Comparable only once every province has reported.
with published as (
  select indicator_code, concept_code, org_type_code, sector_code, period_code, indicator_value, vintage_on, source_note
  from mart_national_series
  where source_kind = 'published' and authority_code = 'VCA' and is_latest
),

summed as (
  select
    concept_code, org_type_code, sector_code, period_code, indicator_value,
    provinces_reported_count, provinces_expected_count, is_complete
  from mart_national_series
  where source_kind = 'provincial_reports' and is_latest
)

select
  published.concept_code,
  published.org_type_code,
  published.sector_code,
  published.period_code,
  published.indicator_value as published_value,
  summed.indicator_value as sum_of_provinces_value,
  summed.indicator_value - published.indicator_value as difference,
  summed.provinces_reported_count,
  summed.provinces_expected_count,
  coalesce(summed.is_complete, false) as is_comparable
from published
left join summed using (concept_code, org_type_code, sector_code, period_code)
order by published.period_code desc, published.concept_code, published.org_type_code, published.sector_code
