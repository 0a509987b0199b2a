with listed as (
  {{ recorded_rows(ref('stg_bieu_02')) }}
)

select
  listed.row_id,
  listed.org_code,
  cooperative.cooperative_key,
  listed.province_key,
  listed.period_code,
  listed.org_type_code,
  listed.sector_code,
  listed.event_kind_code,
  listed.event_on,
  listed.decision_number,
  listed.status_code,
  listed.member_count,
  listed.charter_capital_vnd,
  listed.revision,
  listed.recorded_from,
  listed.recorded_to,
  listed.is_current,
  listed.artifact_sha256,
  listed.sheet,
  listed.row_number
from listed
left join {{ ref('dim_cooperative') }} as cooperative
  on
    listed.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'coalesce(listed.event_on, listed.period_ends_on)') }}
where listed.event_kind_code is not null
