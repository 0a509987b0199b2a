{{ config(**incremental_by_statement(['stg_bieu_01'])) }}
-- Current counts of organisations by province, period, type, sector group and measure. Leaves only, so
-- the groups are sums, not the group rows of the sheet.
{% set measures = ['founded_count', 'dissolved_count', 'closing_count', 'operating_count'] %}
with counted as (
  {{ current_rows(ref('stg_bieu_01')) }} and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
),

measures (measure) as (
  values
  {% for measure in measures %}
  ('{{ measure }}'){{ ',' if not loop.last }}
  {% endfor %}
),

sector_groups (sector_group) as (
  values ('total'), ('agriculture'), ('non_agriculture')
),

measured as (
  select
    counted.*,
    measures.measure,
    case measures.measure
      {% for measure in measures -%}
        when '{{ measure }}' then counted.{{ measure }}
      {% endfor %}
    end as measured_count,
    case when counted.sector_code = 'agriculture' then 'agriculture' else 'non_agriculture' end as own_group
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  cross join measures
  where sector.level = 'leaf'
)

select
  measured.province_key,
  measured.province_name,
  measured.period_code,
  measured.org_type_code,
  sector_groups.sector_group,
  measured.measure,
  min(measured.artifact_sha256) as artifact_sha256,
  sum(measured.measured_count) as reported_count,
  {{ json_list_agg(
    evidence_named_cell('measured', 'measured.measure', 'measured.measured_count'),
    'measured.sheet, measured.row_number'
  ) }} as evidence
from measured
inner join sector_groups on sector_groups.sector_group in ('total', measured.own_group)
group by
  measured.province_key,
  measured.province_name,
  measured.period_code,
  measured.org_type_code,
  sector_groups.sector_group,
  measured.measure
