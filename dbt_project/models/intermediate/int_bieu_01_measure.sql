{{ config(**incremental_by_submission(['stg_bieu_01'])) }}
-- Every readable submission, including held ones: the reject rules read this model.
{% set measures = {
  'opening_count': 'Đầu kỳ',
  'founded_count': 'Thành lập mới',
  'converted_in_count': 'Chuyển đến',
  'dissolved_count': 'Giải thể',
  'converted_out_count': 'Chuyển đi',
  'closing_count': 'Cuối kỳ',
  'operating_count': 'Đang hoạt động',
  'stopped_count': 'Ngừng hoạt động',
  'member_count': 'Số thành viên',
  'worker_count': 'Số lao động',
} %}
with counted as (
  {{ readable_rows(ref('stg_bieu_01')) }}
  where {{ is_affected(['staged.artifact_sha256']) }}
),

measures (measure, measure_vi) as (
  values
  {% for measure, label in measures.items() %}
  ('{{ measure }}', '{{ label }}'){{ ',' if not loop.last }}
  {% endfor %}
)

select
  counted.artifact_sha256,
  counted.file_name,
  counted.province_key,
  counted.province_name,
  counted.period_code,
  counted.period_name_vi,
  counted.revision,
  counted.sheet,
  counted.row_number,
  counted.org_type_code,
  organisation_type.name_vi as org_type_name_vi,
  counted.sector_code,
  sector.name_vi as sector_name_vi,
  sector.level as sector_level,
  sector.sort_order as sector_sort_order,
  measures.measure,
  measures.measure_vi,
  case measures.measure
    {% for measure in measures %}
    when '{{ measure }}' then counted.{{ measure }}
    {% endfor %}
  end as measured_count
from counted
inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
inner join {{ ref('organisation_types') }} as organisation_type
  on counted.org_type_code = organisation_type.code
cross join measures
