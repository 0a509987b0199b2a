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
  spoken.row_id,
  spoken.fair_code,
  spoken.org_code,
  cooperative.cooperative_key,
  spoken.org_name as stated_org_name,
  spoken.province_key,
  spoken.period_code,
  spoken.booth_count,
  spoken.product_names,
  spoken.sales_vnd,
  spoken.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.artifact_sha256,
  spoken.sheet,
  spoken.row_number
from spoken
left join {{ ref('bridge_organisation_match') }} as named
  on
    named.form = 'BIEU_05B'
    and spoken.province_key = named.province_key
    and spoken.org_code = named.stated_code
    and spoken.org_name is not distinct from named.stated_name
left join {{ ref('dim_cooperative') }} as cooperative
  on
    coalesce(named.org_code, spoken.org_code) = cooperative.org_code
    and {{ is_valid_on('cooperative', 'spoken.period_ends_on') }}
