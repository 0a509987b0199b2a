{{ config(post_hook=[
  "{{ create_as_of('membership_as_of', this, cooperative=['org_code', 'period.ends_on']) }}",
  "{{ create_member_as_of() }}",
]) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_03')) }}
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
  stated.row_id,
  stated.member_key,
  stated.org_code,
  cooperative.cooperative_key,
  stated.province_key,
  stated.period_code,
  stated.member_kind_code,
  stated.sex_code,
  stated.birth_year,
  stated.joined_on,
  stated.left_on,
  stated.capital_contributed_vnd,
  stated.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
inner join spoken on stated.row_id = spoken.row_id
left join {{ ref('dim_cooperative') }} as cooperative
  on
    stated.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.period_ends_on') }}
