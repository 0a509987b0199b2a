-- Each organisation of a current monthly register beside itself in the register of the month before, by the present
-- map: what a merged province lists continues what its members listed. Months without a whole register before them
-- are not here.
with listed as (
  {{ current_rows(ref('stg_bieu_02')) }}
),

registers as (
  select
    recorded.province_key,
    recorded.period_code,
    recorded.artifact_sha256
  from {{ ref('int_submission_form_recorded') }} as recorded
  where
    recorded.is_current
    and recorded.form = 'BIEU_02'
),

followed as (
  select
    registers.province_key,
    registers.period_code,
    registers.artifact_sha256,
    period.previous_period_code,
    count(*) as member_count,
    count(earlier.province_key) as earlier_register_count
  from registers
  inner join {{ ref('int_period') }} as period
    on
      registers.period_code = period.period_code
      and period.period_type = 'month'
  inner join {{ ref('int_period') }} as previous_period
    on period.previous_period_code = previous_period.period_code
  inner join {{ ref('int_province_member') }} as member
    on
      registers.province_key = member.province_key
      and {{ is_valid_on('member', 'previous_period.ends_on') }}
  left join registers as earlier
    on
      member.member_province_key = earlier.province_key
      and period.previous_period_code = earlier.period_code
  group by registers.province_key, registers.period_code, registers.artifact_sha256, period.previous_period_code
),

complete as (
  select *
  from followed
  where earlier_register_count = member_count
),

now_listed as (
  select listed.*
  from listed
  inner join complete
    on
      listed.province_key = complete.province_key
      and listed.period_code = complete.period_code
),

before as (
  select
    complete.province_key as follower_province_key,
    complete.period_code as follower_period_code,
    complete.artifact_sha256 as follower_artifact_sha256,
    listed.*
  from complete
  inner join {{ ref('int_province_member') }} as member on complete.province_key = member.province_key
  inner join listed
    on
      member.member_province_key = listed.province_key
      and complete.previous_period_code = listed.period_code
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
