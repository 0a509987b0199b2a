{{ config(post_hook=["{{ create_as_of('trade_fair_participation_as_of', this, leave_out=['cooperative_key']) }}"]) }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_05b')) }}
),

spoken as (
  {{ recorded_ranges(
    'stated',
    key=['fair_code', 'org_code'],
    order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  stated.row_id,
  stated.fair_code,
  stated.org_code,
  cooperative.cooperative_key,
  stated.org_name as stated_org_name,
  stated.province_key,
  stated.period_code,
  stated.booth_count,
  stated.product_names,
  stated.sales_vnd,
  stated.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
inner join spoken on stated.row_id = spoken.row_id
left join {{ ref('bridge_organisation_match') }} as named
  on
    named.form = 'BIEU_05B'
    and stated.province_key = named.province_key
    and stated.org_code = named.stated_code
    and stated.org_name is not distinct from named.stated_name
left join {{ ref('dim_cooperative') }} as cooperative
  on
    coalesce(named.org_code, stated.org_code) = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.period_ends_on') }}
