-- From the latest report of each alliance; alliances that never reported are included.
with stated as (
  select * from {{ ref('int_bieu_15a_recorded') }}
  where is_current
),

latest as (
  select *
  from stated
  qualify row_number() over (
    partition by province_key
    order by period_ends_on desc, row_number asc, row_id asc
  ) = 1
)

select
  unit.unit_key,
  unit.unit_name,
  unit.province_key,
  unit.valid_from,
  unit.valid_to,
  unit.successor_unit_key,
  latest.charter_approved_on,
  latest.charter_decision_number,
  case when latest.row_id is not null then latest.charter_approved_on is not null end as has_approved_charter,
  latest.staff_quota_count,
  latest.staff_count,
  latest.contract_staff_count,
  latest.female_staff_count,
  latest.member_organisation_count,
  latest.period_code as last_listed_period_code,
  latest.row_id,
  latest.artifact_sha256,
  latest.sheet,
  latest.row_number
from {{ ref('dim_unit') }} as unit
left join latest on unit.province_key = latest.province_key
where unit.unit_kind = 'provincial_alliance'
