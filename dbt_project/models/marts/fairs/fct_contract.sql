with at_fairs as (
  {{ recorded_rows(ref('stg_bieu_05c')) }}
),

with_partners as (
  {{ recorded_rows(ref('stg_bieu_07d')) }}
),

stated as (
  select
    row_id,
    'trade_fair' as contract_scope_code,
    contract_code,
    fair_code,
    org_code,
    cast(null as varchar) as partner_code,
    partner_name,
    contract_kind_code,
    signed_on,
    cast(null as date) as valid_until,
    product_names,
    cast(null as varchar) as subject,
    cast(null as decimal(24, 6)) as area_ha,
    value_vnd,
    province_key,
    period_code,
    period_ends_on,
    revision,
    recorded_from,
    recorded_to,
    is_current,
    artifact_sha256,
    sheet,
    row_number
  from at_fairs

  union all

  select
    row_id,
    'international' as contract_scope_code,
    contract_code,
    cast(null as varchar) as fair_code,
    org_code,
    partner_code,
    partner_name,
    contract_kind_code,
    signed_on,
    valid_until,
    cast(null as varchar) as product_names,
    subject,
    area_ha,
    value_vnd,
    province_key,
    period_code,
    period_ends_on,
    revision,
    recorded_from,
    recorded_to,
    is_current,
    artifact_sha256,
    sheet,
    row_number
  from with_partners
),

ranked as (
  select
    *,
    row_number() over (
      partition by is_current, contract_scope_code, contract_code
      order by period_ends_on desc, province_key asc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.contract_code,
  ranked.contract_scope_code,
  ranked.fair_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.partner_code,
  partner.partner_key,
  ranked.partner_name,
  ranked.contract_kind_code,
  ranked.province_key,
  ranked.period_code,
  ranked.signed_on,
  ranked.valid_until,
  ranked.product_names,
  ranked.subject,
  ranked.area_ha,
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
left join {{ ref('dim_partner') }} as partner
  on
    ranked.province_key = partner.province_key
    and ranked.partner_code = partner.partner_code
