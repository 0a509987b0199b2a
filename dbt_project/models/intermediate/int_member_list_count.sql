{{ config(**incremental_by_parts(
  unique_key=['province_key', 'period_code', 'org_code'],
  parts='int_member_list_organisation',
  part_columns=['artifact_sha256', 'org_code'],
  keys_from=['stg_bieu_03', 'int_member_list'],
)) }}

with member as (
  {{ recorded_rows(ref('stg_bieu_03'), ref('int_member_list')) }}
  where recorded.is_current and {{ is_affected(['recorded.province_key', 'recorded.period_code', 'staged.org_code']) }}
),

checked as (
  select
    *,
    -- Still a member at the end of the period.
    -- Another rule reports an impossible date of leaving; the person is counted.
    left_on is null or left_on > period_ends_on or left_on < joined_on as is_present,
    coalesce(left_on < joined_on, false) or coalesce(extract(year from joined_on) < birth_year, false)
      as is_inconsistent
  from member
)

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
