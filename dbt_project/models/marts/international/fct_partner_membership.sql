with stated as (
  {{ recorded_rows(ref('stg_bieu_07a')) }}
),

-- Reports of several periods may state one membership; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, partner_code, member_from_year
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
  where membership_kind_code is not null
)

select
  ranked.row_id,
  ranked.partner_code,
  partner.partner_key,
  ranked.province_key,
  ranked.period_code,
  ranked.membership_kind_code,
  ranked.member_from_year,
  ranked.member_to_year,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
left join {{ ref('dim_partner') }} as partner
  on
    ranked.province_key = partner.province_key
    and ranked.partner_code = partner.partner_code
