{{ config(**incremental_by_parts(
  unique_key=['member_key', 'org_code', 'joined_on'],
  parts='int_member_list_organisation',
  part_columns=['artifact_sha256', 'org_code'],
  keys_from=['stg_bieu_03', 'int_member_list'],
)) }}
{{ config(post_hook=[
  "{{ create_as_of('membership_as_of', this, cooperative=['org_code', 'period.ends_on']) }}",
  "{{ create_member_as_of() }}",
]) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_03'), ref('int_member_list')) }}
  where {{ is_affected(['member_key', 'org_code', 'joined_on']) }}
),

-- Lists of several periods may state one spell: the latest speaks.
spoken as (
  {{ recorded_ranges(
    'stated',
    key=['member_key', 'org_code', 'joined_on'],
    order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  spoken.row_id,
  spoken.member_key,
  spoken.org_code,
  cooperative.cooperative_key,
  spoken.province_key,
  spoken.period_code,
  spoken.member_kind_code,
  spoken.sex_code,
  spoken.birth_year,
  spoken.joined_on,
  spoken.left_on,
  spoken.capital_contributed_vnd,
  spoken.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.artifact_sha256,
  spoken.sheet,
  spoken.row_number
from spoken
left join {{ ref('int_member_list_organisation') }} as cooperative
  on
    spoken.org_code = cooperative.org_code
    and spoken.artifact_sha256 = cooperative.artifact_sha256
