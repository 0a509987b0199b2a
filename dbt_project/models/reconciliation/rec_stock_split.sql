{{ config(**incremental_by_submission(['int_bieu_01_measure'])) }}
with measured as (
  select *
  from {{ ref('int_bieu_01_measure') }}
  where {{ is_affected(['artifact_sha256']) }}
),

-- Whole and parts of one sheet, side by side: the total over its two groups, non-agriculture over its seven leaves.
part_of_whole as (
  select
    'stock_split.total' as rule_id,
    'total' as whole_code,
    2 as part_count,
    measured.*
  from measured
  where sector_code in ('total', 'agriculture', 'non_agriculture')

  union all

  select
    'stock_split.non_agriculture' as rule_id,
    'non_agriculture' as whole_code,
    7 as part_count,
    measured.*
  from measured
  where sector_code = 'non_agriculture' or (sector_level = 'leaf' and sector_code <> 'agriculture')
),

split_sides as (
  select
    rule_id,
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
    'stock_split.status' as rule_id,
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
  select
    rule_id,
    'province=' || province_key || '|period=' || period_code || '|org_type=' || org_type_code || '|sector='
    || sector_code || '|measure=' || measure || '|revision=' || revision || '|artifact='
    || left(artifact_sha256, 16) as grain,
    province_key,
    period_code,
    case rule_id
      when 'stock_split.total' then 'Nông nghiệp + phi nông nghiệp = tổng số: '
      else 'Bảy lĩnh vực chi tiết = phi nông nghiệp: '
    end || measure_vi || ', ' || org_type_name_vi || ', ' || province_name || ', '
    || {{ mid_sentence('period_name_vi') }} as subject,
    expected,
    actual,
    0 as claim_precision,
    case
      when wholes_found_count = 0 then 'Biểu 01 không có dòng tổng để so.'
      when parts_found_count < part_count then 'Biểu 01 thiếu dòng chi tiết nên chưa cộng được.'
    end as not_comparable_reason,
    expected_evidence,
    actual_evidence,
    artifact_sha256,
    cast(null as varchar) as detail
  from split_sides

  union all

  select
    rule_id,
    'province=' || province_key || '|period=' || period_code || '|org_type=' || org_type_code || '|sector='
    || sector_code || '|measure=' || measure || '|revision=' || revision || '|artifact='
    || left(artifact_sha256, 16) as grain,
    province_key,
    period_code,
    'Đang hoạt động + ngừng hoạt động = cuối kỳ: ' || org_type_name_vi || ', ' || sector_name_vi || ', '
    || province_name || ', ' || {{ mid_sentence('period_name_vi') }} as subject,
    expected,
    actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    expected_evidence,
    actual_evidence,
    artifact_sha256,
    cast(null as varchar) as detail
  from status_sides
)

{{ residuals_of('sides') }}
