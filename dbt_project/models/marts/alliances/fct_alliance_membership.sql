with stated as (
  {{ recorded_rows(ref('stg_bieu_15b')) }}
),

-- Reports of several periods may state one spell; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, org_code, alliance_level_code, joined_on
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.province_key,
  ranked.period_code,
  ranked.org_name,
  ranked.alliance_level_code,
  case when ranked.alliance_level_code = 'national' then 'VCA' else 'LM-' || ranked.province_key end as unit_key,
  ranked.membership_kind_code,
  ranked.joined_on,
  ranked.left_on,
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
