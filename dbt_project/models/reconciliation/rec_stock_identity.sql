{{ config(**incremental_by_submission(['stg_bieu_01'])) }}
with counted as (
  {{ readable_rows(ref('stg_bieu_01')) }}
  where {{ is_affected(['staged.artifact_sha256']) }}
),

sides as (
  {% call compare_reported(
    'stock_identity.closing', 'counted', 'Đầu kỳ + thành lập mới + chuyển đến − giải thể − chuyển đi = cuối kỳ',
    ['organisation_type.name_vi', 'sector.name_vi', 'province_name'],
    key={'org_type': 'org_type_code', 'sector': 'sector_code'}, measure='closing_count', every_revision=true,
    expected=['opening_count', 'founded_count', 'converted_in_count', '-dissolved_count', '-converted_out_count'],
    actual=['closing_count'],
  ) %}
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join {{ ref('organisation_types') }} as organisation_type on counted.org_type_code = organisation_type.code
  {% endcall %}
)

{{ residuals_of('sides') }}
