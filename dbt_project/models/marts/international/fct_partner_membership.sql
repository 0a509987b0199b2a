with stated as (
  select * from {{ ref('int_bieu_07a_recorded') }}
  where membership_kind_code is not null
),

-- Reports of several periods may state one membership: the latest counts.
ranged as (
  {{ recorded_ranges('stated', key=['province_key', 'partner_code', 'member_from_year']) }}
)

select
  ranged.row_id,
  ranged.partner_code,
  partner.partner_key,
  ranged.province_key,
  ranged.period_code,
  ranged.membership_kind_code,
  ranged.member_from_year,
  ranged.member_to_year,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
left join {{ ref('dim_partner') }} as partner
  on
    ranged.province_key = partner.province_key
    and ranged.partner_code = partner.partner_code
