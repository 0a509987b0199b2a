{{ config(**incremental_by_submission(['int_bieu_01_measure'])) }}
with measured as (
  select *
  from {{ ref('int_bieu_01_measure') }}
  where {{ is_affected(['artifact_sha256']) }}
),

-- Wholes and parts of one sheet: the total of its two groups, non-agriculture of its seven leaves.
part_of_whole as (
  select
    'stock_split.total' as rule_id,
    'Nông nghiệp + phi nông nghiệp = tổng số' as title_vi,
    'total' as whole_code,
    2 as part_count,
    measured.*
  from measured
  where sector_code in ('total', 'agriculture', 'non_agriculture')

  union all

  select
    'stock_split.non_agriculture' as rule_id,
    'Bảy lĩnh vực chi tiết = phi nông nghiệp' as title_vi,
    'non_agriculture' as whole_code,
    7 as part_count,
    measured.*
  from measured
  where sector_code = 'non_agriculture' or (sector_level = 'leaf' and sector_code <> 'agriculture')
),

split_sides as (
  select
    rule_id,
    min(title_vi) as title_vi,
    whole_code as sector_code,
    artifact_sha256,
    province_key,
    min(province_name) as province_name,
    period_code,
    min(period_name_vi) as period_name_vi,
    min(revision) as revision,
    org_type_code,
    min(org_type_name_vi) as org_type_name_vi,
    measure,
    min(measure_vi) as measure_vi,
    min(part_count) as part_count,
    sum(measured_count) filter (where sector_code = whole_code) as expected,
    sum(measured_count) filter (where sector_code <> whole_code) as actual,
    count(*) filter (where sector_code <> whole_code) as parts_found_count,
    count(*) filter (where sector_code = whole_code) as wholes_found_count,
    {{ json_list_agg(
      evidence_named_cell('part_of_whole', 'measure', 'measured_count'), 'sheet, row_number',
      'sector_code = whole_code'
    ) }} as expected_evidence,
    {{ json_list_agg(
      evidence_named_cell('part_of_whole', 'measure', 'measured_count'), 'sheet, row_number',
      'sector_code <> whole_code'
    ) }} as actual_evidence
  from part_of_whole
  group by rule_id, whole_code, artifact_sha256, province_key, period_code, org_type_code, measure
),

status_sides as (
  select
    sector_code,
    artifact_sha256,
    province_key,
    min(province_name) as province_name,
    period_code,
    min(period_name_vi) as period_name_vi,
    min(revision) as revision,
    org_type_code,
    min(org_type_name_vi) as org_type_name_vi,
    'closing_count' as measure,
    min(sector_name_vi) as sector_name_vi,
    sum(measured_count) filter (where measure = 'closing_count') as expected,
    sum(measured_count) filter (where measure <> 'closing_count') as actual,
    {{ json_list_agg(
      evidence_named_cell('measured', 'measure', 'measured_count'), 'measure, sheet, row_number', "measure = 'closing_count'"
    ) }} as expected_evidence,
    {{ json_list_agg(
      evidence_named_cell('measured', 'measure', 'measured_count'), 'measure, sheet, row_number', "measure <> 'closing_count'"
    ) }} as actual_evidence
  from measured
  where measure in ('closing_count', 'operating_count', 'stopped_count')
  group by sector_code, artifact_sha256, province_key, period_code, org_type_code
),

sides as (
  {% set key = {'org_type': 'org_type_code', 'sector': 'sector_code', 'measure': 'measure'} %}

  {{ compare_reported(
    rule_id='split_sides.rule_id', row='split_sides', title='split_sides.title_vi',
    about=['measure_vi', 'org_type_name_vi', 'province_name'], key=key, every_revision=true,
    expected='split_sides.expected', expected_evidence='split_sides.expected_evidence',
    actual='split_sides.actual', actual_evidence='split_sides.actual_evidence',
    reason="case
      when split_sides.wholes_found_count = 0 then 'Biểu 01 không có dòng tổng để so.'
      when split_sides.parts_found_count < split_sides.part_count then 'Biểu 01 thiếu dòng chi tiết nên chưa cộng được.'
    end",
  ) }}

  union all

  {{ compare_reported(
    'stock_split.status', 'status_sides', 'Đang hoạt động + ngừng hoạt động = cuối kỳ',
    ['org_type_name_vi', 'sector_name_vi', 'province_name'], key=key, every_revision=true,
    expected='status_sides.expected', expected_evidence='status_sides.expected_evidence',
    actual='status_sides.actual', actual_evidence='status_sides.actual_evidence',
  ) }}
)

{{ residuals_of('sides') }}
