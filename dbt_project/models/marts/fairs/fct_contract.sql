{{ config(post_hook=[
  "{{ create_as_of('contract_as_of', this, cooperative=['org_code', 'known.signed_on']) }}",
]) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

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

spoken as (
  {{ recorded_ranges(
    'stated',
    key=['contract_scope_code', 'contract_code'],
    order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  spoken.row_id,
  spoken.contract_code,
  spoken.contract_scope_code,
  spoken.fair_code,
  spoken.org_code,
  cooperative.cooperative_key,
  spoken.partner_code,
  partner.partner_key,
  spoken.partner_name,
  spoken.contract_kind_code,
  spoken.province_key,
  spoken.period_code,
  spoken.signed_on,
  spoken.valid_until,
  spoken.product_names,
  spoken.subject,
  spoken.area_ha,
  spoken.value_vnd,
  spoken.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.artifact_sha256,
  spoken.sheet,
  spoken.row_number
from spoken
left join {{ ref('dim_cooperative') }} as cooperative
  on
    spoken.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'spoken.signed_on') }}
left join {{ ref('dim_partner') }} as partner
  on
    spoken.province_key = partner.province_key
    and spoken.partner_code = partner.partner_code
