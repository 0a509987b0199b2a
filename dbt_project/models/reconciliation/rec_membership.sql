{{ config(**incremental_by_statement(['stg_bieu_02', 'int_member_list_count'])) }}
with registered as (
  {{ current_rows(ref('stg_bieu_02')) }} and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
),

counted as (
  select *
  from {{ ref('int_member_list_count') }}
  where {{ is_affected(['province_key', 'period_code']) }}
),

sides as (
  select
    'membership.listed' as rule_id,
    'province=' || lists.province_key || '|period=' || lists.period_code || '|organisation=' || lists.org_code
    || '|measure=member_count' as grain,
    lists.province_key,
    lists.period_code,
    'Số thành viên được liệt kê (Biểu 03) = số thành viên nêu ở Biểu 02: ' || lists.org_code || ', '
    || lists.province_name || ', ' || {{ mid_sentence('lists.period_name_vi') }} as subject,
    registered.member_count as expected,
    lists.present_count as actual,
    0 as claim_precision,
    case
      when registered.org_code is null then 'Biểu 02 của kỳ này không có tổ chức mang mã số này.'
      when registered.member_count is null then 'Biểu 02 không ghi số thành viên của tổ chức này.'
    end as not_comparable_reason,
    case when registered.org_code is not null then {{ json_list([evidence_cell('registered', 'member_count')]) }} end
      as expected_evidence,
    lists.present_evidence as actual_evidence,
    lists.artifact_sha256,
    cast({{ json_of({'org_code': 'lists.org_code'}) }} as varchar) as detail
  from counted as lists
  left join registered
    on
      lists.province_key = registered.province_key
      and lists.period_code = registered.period_code
      and lists.org_code = registered.org_code

  union all

  select
    'membership.dates' as rule_id,
    'province=' || lists.province_key || '|period=' || lists.period_code || '|organisation=' || lists.org_code
    || '|measure=inconsistent_row_count' as grain,
    lists.province_key,
    lists.period_code,
    'Thành viên không ra trước khi vào, không vào trước năm sinh: ' || lists.org_code || ', ' || lists.province_name
    || ', ' || {{ mid_sentence('lists.period_name_vi') }} as subject,
    0 as expected,
    lists.inconsistent_count as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    cast(null as varchar) as expected_evidence,
    lists.inconsistent_evidence as actual_evidence,
    lists.artifact_sha256,
    cast({{ json_of({'org_code': 'lists.org_code'}) }} as varchar) as detail
  from counted as lists
)

{{ residuals_of('sides') }}
