with at_fairs as (
  select * from {{ ref('int_bieu_05c_recorded') }}
),

with_partners as (
  select * from {{ ref('int_bieu_07d_recorded') }}
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
    period_starts_on,
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
    period_starts_on,
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

ranged as (
  {{ recorded_ranges('stated', key=['contract_scope_code', 'contract_code']) }}
)

select
  ranged.row_id,
  ranged.contract_code,
  ranged.contract_scope_code,
  ranged.fair_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.partner_code,
  partner.partner_key,
  ranged.partner_name,
  ranged.contract_kind_code,
  ranged.province_key,
  ranged.period_code,
  ranged.signed_on,
  ranged.valid_until,
  ranged.product_names,
  ranged.subject,
  ranged.area_ha,
  ranged.value_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'signed_on') }}
left join {{ ref('dim_partner') }} as partner
  on
    ranged.province_key = partner.province_key
    and ranged.partner_code = partner.partner_code
