{{ config(post_hook=[
  "{{ create_restated('organisation_count_restated', this, ['org_type_code', 'sector_code']) }}",
  "{{ create_restated('organisation_count_by_region', this, ['org_type_code', 'sector_code'], target='region') }}",
  "{{ create_organisation_count_between() }}",
]) }}
-- depends_on: {{ ref('bridge_province_region') }}
-- depends_on: {{ ref('dim_period') }}
-- depends_on: {{ ref('dim_province') }}

with ranged as (
  {{ recorded_ranges(
    ref('int_bieu_01_recorded'), key=['province_key', 'period_code', 'org_type_code', 'sector_code']
  ) }}
)

select
  ranged.row_id,
  ranged.province_key,
  ranged.period_code,
  ranged.org_type_code,
  ranged.sector_code,
  ranged.opening_count,
  ranged.founded_count,
  ranged.converted_in_count,
  ranged.dissolved_count,
  ranged.converted_out_count,
  ranged.closing_count,
  ranged.operating_count,
  ranged.stopped_count,
  ranged.member_count,
  ranged.worker_count,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
inner join {{ ref('sectors') }} as sector on ranged.sector_code = sector.code
-- Leaves only: the sheet's total and group rows are sums of these and would count everything twice.
where sector.level = 'leaf'
