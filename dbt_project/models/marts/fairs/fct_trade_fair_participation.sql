with stated as (
  {{ recorded_rows(ref('stg_bieu_05b')) }}
),

ranked as (
  select
    *,
    row_number() over (
      partition by is_current, fair_code, org_code
      order by period_ends_on desc, province_key asc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.fair_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.org_name as stated_org_name,
  ranked.province_key,
  ranked.period_code,
  ranked.booth_count,
  ranked.product_names,
  ranked.sales_vnd,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
left join {{ ref('bridge_organisation_match') }} as named
  on
    named.form = 'BIEU_05B'
    and ranked.province_key = named.province_key
    and ranked.org_code = named.stated_code
    and ranked.org_name is not distinct from named.stated_name
left join {{ ref('dim_cooperative') }} as cooperative
  on
    coalesce(named.org_code, ranked.org_code) = cooperative.org_code
    and {{ is_valid_on('cooperative', 'ranked.period_ends_on') }}
