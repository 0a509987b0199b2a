{{ config(post_hook=[
  "{{ create_as_of('contract_as_of', this, cooperative=['org_code', 'known.signed_on']) }}",
]) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_05c')) }}
),

spoken as (
  {{ recorded_ranges(
    'stated',
    key=['contract_code'],
    order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  stated.row_id,
  stated.contract_code,
  stated.fair_code,
  stated.org_code,
  cooperative.cooperative_key,
  stated.partner_name,
  stated.contract_kind_code,
  stated.province_key,
  stated.period_code,
  stated.signed_on,
  stated.product_names,
  stated.value_vnd,
  stated.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
inner join spoken on stated.row_id = spoken.row_id
left join {{ ref('dim_cooperative') }} as cooperative
  on
    stated.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.signed_on') }}
