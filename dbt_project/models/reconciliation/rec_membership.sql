{{ config(**incremental_by_statement(['stg_bieu_02', 'int_member_list_count'])) }}
with registered as (
  {{ current_rows(ref('stg_bieu_02')) }} and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
),

lists as (
  select *
  from {{ ref('int_member_list_count') }}
  where {{ is_affected(['province_key', 'period_code']) }}
),

sides as (
  {% set key = {'organisation': 'org_code'} %}
  {% set detail = {'org_code': 'lists.org_code'} %}

  {% call compare_reported(
    'membership.listed', 'lists', 'Số thành viên được liệt kê (Biểu 03) = số thành viên nêu ở Biểu 02',
    ['org_code', 'province_name'], key=key, measure='member_count',
    expected='registered.member_count',
    expected_evidence=evidence_where(
      'registered.org_code is not null', [evidence_cell('registered', 'member_count')]
    ),
    actual='lists.present_count', actual_evidence='lists.present_evidence',
    reason="case
      when registered.org_code is null then 'Biểu 02 của kỳ này không có tổ chức mang mã số này.'
      when registered.member_count is null then 'Biểu 02 không ghi số thành viên của tổ chức này.'
    end",
    detail=detail,
  ) %}
  from lists
  left join registered
    on
      lists.province_key = registered.province_key
      and lists.period_code = registered.period_code
      and lists.org_code = registered.org_code
  {% endcall %}

  union all

  {{ compare_reported(
    'membership.dates', 'lists', 'Thành viên không ra trước khi vào, không vào trước năm sinh',
    ['org_code', 'province_name'], key=key, measure='inconsistent_row_count',
    expected='0', actual='lists.inconsistent_count', actual_evidence='lists.inconsistent_evidence', detail=detail,
  ) }}
)

{{ residuals_of('sides') }}
