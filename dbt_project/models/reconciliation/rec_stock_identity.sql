{{ config(**incremental_by_submission(['stg_bieu_01'])) }}
with counted as (
  {{ readable_rows(ref('stg_bieu_01')) }}
  where {{ is_affected(['staged.artifact_sha256']) }}
),

sides as (
  select
    'stock_identity.closing' as rule_id,
    'province=' || counted.province_key || '|period=' || counted.period_code || '|org_type=' || counted.org_type_code
    || '|sector=' || counted.sector_code || '|measure=closing_count|revision=' || counted.revision || '|artifact='
    || left(counted.artifact_sha256, 16) as grain,
    counted.province_key,
    counted.period_code,
    'Đầu kỳ + thành lập mới + chuyển đến − giải thể − chuyển đi = cuối kỳ: ' || organisation_type.name_vi || ', '
    || sector.name_vi || ', ' || counted.province_name || ', '
    || {{ mid_sentence('counted.period_name_vi') }} as subject,
    counted.opening_count + counted.founded_count + counted.converted_in_count - counted.dissolved_count
    - counted.converted_out_count as expected,
    counted.closing_count as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    {{ json_list([
      evidence_cell('counted', 'opening_count'),
      evidence_cell('counted', 'founded_count'),
      evidence_cell('counted', 'converted_in_count'),
      evidence_cell('counted', 'dissolved_count'),
      evidence_cell('counted', 'converted_out_count'),
    ]) }} as expected_evidence,
    {{ json_list([evidence_cell('counted', 'closing_count')]) }} as actual_evidence,
    counted.artifact_sha256,
    cast(null as varchar) as detail
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join {{ ref('organisation_types') }} as organisation_type
    on counted.org_type_code = organisation_type.code
)

{{ residuals_of('sides') }}
