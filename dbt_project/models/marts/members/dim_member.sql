{{ config(**incremental_by_parts(
  unique_key=['member_key'],
  parts='int_member_list_organisation',
  part_columns=['artifact_sha256', 'org_code'],
  keys_from=['int_member_list_row'],
  covered_parents=['fct_membership'],
)) }}

-- As known today; what was known earlier: member_as_of().
{{ latest_member(
  'known.is_current and ' ~ is_affected(['known.member_key']), ref('fct_membership'), ref('dim_period')
) }}
