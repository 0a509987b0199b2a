with stated as (
  {{ recorded_rows(ref('stg_bieu_05c')) }}
),

ranked as (
  select
    *,
    row_number() over (
      partition by is_current, contract_code
      order by period_ends_on desc, province_key asc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.contract_code,
  ranked.fair_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.partner_name,
  ranked.contract_kind_code,
  ranked.province_key,
  ranked.period_code,
  ranked.signed_on,
  ranked.product_names,
  ranked.value_vnd,
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
    and {{ is_valid_on('cooperative', 'ranked.signed_on') }}
