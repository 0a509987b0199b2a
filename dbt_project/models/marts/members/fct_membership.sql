with listed as (
  {{ recorded_rows(ref('stg_bieu_03')) }}
),

-- Lists of several periods may state one spell; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, member_key, org_code, joined_on
      order by period_ends_on desc, province_key asc, row_number asc, row_id asc
    ) as statement_rank
  from listed
)

select
  ranked.row_id,
  ranked.member_key,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.province_key,
  ranked.period_code,
  ranked.member_kind_code,
  ranked.joined_on,
  ranked.left_on,
  ranked.capital_contributed_vnd,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
left join {{ ref('dim_cooperative') }} as cooperative
  on
    ranked.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'ranked.period_ends_on') }}
