-- Each organisation of a current monthly register joined with its row in the register of the previous month
-- (int_register_pair). Months without a complete previous register are left out.
{{ config(**incremental_by_parts(
  unique_key=['province_key', 'period_code'],
  parts='int_register_pair',
  part_columns=['province_key', 'period_code'],
  keys_from=['int_register_pair'],
  covered_parents=['stg_bieu_02', 'int_register'],
)) }}
with pair as (
  select *
  from {{ ref('int_register_pair') }}
  where {{ is_affected(['province_key', 'period_code']) }}
),

now_listed as (
  select
    staged.*,
    register.file_name,
    pair.province_key,
    pair.period_code
  from pair
  inner join {{ ref('int_register') }} as register on pair.artifact_sha256 = register.artifact_sha256
  inner join {{ ref('stg_bieu_02') }} as staged on register.artifact_sha256 = staged.artifact_sha256
),

before as (
  select
    staged.*,
    register.file_name,
    pair.province_key as follower_province_key,
    pair.period_code as follower_period_code,
    pair.artifact_sha256 as follower_artifact_sha256
  from pair
  inner join {{ ref('int_province_member') }} as member
    on
      pair.province_key = member.province_key
      and {{ is_valid_on('member', 'pair.previous_ends_on') }}
  inner join {{ ref('int_register') }} as register
    on
      member.member_province_key = register.province_key
      and pair.previous_period_code = register.period_code
      and register.is_current
  inner join {{ ref('stg_bieu_02') }} as staged on register.artifact_sha256 = staged.artifact_sha256
)

select
  coalesce(now_listed.province_key, before.follower_province_key) as province_key,
  coalesce(now_listed.period_code, before.follower_period_code) as period_code,
  coalesce(now_listed.artifact_sha256, before.follower_artifact_sha256) as artifact_sha256,
  coalesce(now_listed.org_code, before.org_code) as org_code,
  coalesce(now_listed.org_type_code, before.org_type_code) as org_type_code,
  coalesce(now_listed.sector_code, before.sector_code) as sector_code,
  now_listed.status_code,
  now_listed.event_kind_code,
  now_listed.member_count,
  now_listed.worker_count,
  before.status_code as earlier_status_code,
  before.member_count as earlier_member_count,
  before.worker_count as earlier_worker_count,
  now_listed.row_id,
  now_listed.file_name,
  now_listed.sheet,
  now_listed.row_number,
  before.artifact_sha256 as earlier_artifact_sha256,
  before.file_name as earlier_file_name,
  before.sheet as earlier_sheet,
  before.row_number as earlier_row_number
from now_listed
full join before
  on
    now_listed.province_key = before.follower_province_key
    and now_listed.period_code = before.follower_period_code
    and now_listed.org_code = before.org_code
