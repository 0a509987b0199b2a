with member as (
  {{ current_rows(ref('stg_bieu_03')) }}
),

registered as (
  {{ current_rows(ref('stg_bieu_02')) }}
),

checked as (
  select
    *,
    -- Still a member at the end of the period.
    -- An impossible date of leaving is a fault of its own and removes nobody.
    left_on is null or left_on > period_ends_on or left_on < joined_on as is_present,
    coalesce(left_on < joined_on, false) or coalesce(extract(year from joined_on) < birth_year, false)
      as is_inconsistent
  from member
),

lists as (
  select
    checked.province_key,
    min(checked.province_name) as province_name,
    checked.period_code,
    min(checked.period_name_vi) as period_name_vi,
    checked.org_code,
    min(checked.artifact_sha256) as artifact_sha256,
    count(*) filter (where checked.is_present) as present_count,
    count(*) filter (where checked.is_inconsistent) as inconsistent_count,
    {{ json_list_agg(
      evidence_cell('checked', 'joined_on'), 'checked.row_number, checked.row_id', 'checked.is_present'
    ) }} as present_evidence,
    {{ json_list_agg(
      evidence_named_cell('checked', "'joined_on, left_on, birth_year'",
        "concat_ws(' | ', checked.joined_on, checked.left_on, checked.birth_year)"),
      'checked.row_number, checked.row_id', 'checked.is_inconsistent'
    ) }} as inconsistent_evidence
  from checked
  group by checked.province_key, checked.period_code, checked.org_code
),

sides as (
  select
    'membership.listed' as rule_id,
    'province=' || lists.province_key || '|period=' || lists.period_code || '|organisation=' || lists.org_code
    || '|measure=member_count' as grain,
    lists.province_key,
    lists.period_code,
    'Số thành viên được liệt kê (Biểu 03) = số thành viên nêu ở Biểu 02: ' || lists.org_code || ', '
    || lists.province_name || ', ' || lower(lists.period_name_vi) as subject,
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
  from lists
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
    || ', ' || lower(lists.period_name_vi) as subject,
    0 as expected,
    lists.inconsistent_count as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    cast(null as varchar) as expected_evidence,
    lists.inconsistent_evidence as actual_evidence,
    lists.artifact_sha256,
    cast({{ json_of({'org_code': 'lists.org_code'}) }} as varchar) as detail
  from lists
)

{{ residuals_of('sides') }}
