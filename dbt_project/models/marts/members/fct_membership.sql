{{ config(**incremental_by_parts(
  unique_key=['member_key', 'org_code', 'joined_on'],
  parts='int_member_list_organisation',
  part_columns=['artifact_sha256', 'org_code'],
  keys_from=['int_member_list_row'],
)) }}
{{ config(
  post_hook=["{{ create_member_as_of() }}"],
  meta={'cooperative': ['org_code', 'period_ends_on']},
) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with stated as (
  select *
  from {{ ref('int_member_list_row') }}
  where {{ is_affected(['member_key', 'org_code', 'joined_on']) }}
),

-- Lists of several periods may state one spell: the latest counts.
ranged as (
  {{ recorded_ranges('stated', key=['member_key', 'org_code', 'joined_on']) }}
)

select
  ranged.row_id,
  ranged.member_key,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.province_key,
  ranged.period_code,
  ranged.member_kind_code,
  ranged.sex_code,
  ranged.birth_year,
  ranged.joined_on,
  ranged.left_on,
  ranged.capital_contributed_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
left join {{ ref('int_member_list_organisation') }} as cooperative
  on
    ranged.org_code = cooperative.org_code
    and ranged.artifact_sha256 = cooperative.artifact_sha256
