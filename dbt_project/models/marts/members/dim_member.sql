{{ config(meta={'increment': {
  'parts': 'int_member_list_organisation',
  'part': ['artifact_sha256', 'org_code'],
  'key': ['member_key'],
  'rows': ['stg_bieu_03', 'int_member_list'],
  'told_by_parts': ['fct_membership'],
}}) }}
-- depends_on: {{ ref('int_member_list_organisation') }}
-- depends_on: {{ ref('int_member_list') }}
-- depends_on: {{ ref('stg_bieu_03') }}

-- As known today; what was known earlier: member_as_of().
{{ latest_member(
  'known.is_current and ' ~ is_affected(['known.member_key']), ref('fct_membership'), ref('dim_period')
) }}
