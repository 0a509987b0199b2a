{{ config(post_hook=[
  "{{ create_as_of('organisation_count_as_of', this) }}",
  "{{ create_restated('organisation_count_restated', this, ['org_type_code', 'sector_code']) }}",
  "{{ create_restated('organisation_count_by_region', this, ['org_type_code', 'sector_code'], target='region') }}",
  "{{ create_organisation_count_between() }}",
]) }}
-- depends_on: {{ ref('bridge_province_region') }}
-- depends_on: {{ ref('dim_period') }}
-- depends_on: {{ ref('dim_province') }}

with counted as (
  {{ recorded_rows(ref('stg_bieu_01')) }}
)

select
  counted.row_id,
  counted.province_key,
  counted.period_code,
  counted.org_type_code,
  counted.sector_code,
  counted.opening_count,
  counted.founded_count,
  counted.converted_in_count,
  counted.dissolved_count,
  counted.converted_out_count,
  counted.closing_count,
  counted.operating_count,
  counted.stopped_count,
  counted.member_count,
  counted.worker_count,
  counted.revision,
  counted.recorded_from,
  counted.recorded_to,
  counted.is_current,
  counted.artifact_sha256,
  counted.sheet,
  counted.row_number
from counted
inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
-- Leaves only: the sheet's total and group rows are sums of these and would count everything twice.
where sector.level = 'leaf'
