{{ config(post_hook=[
  "{{ create_as_of('trade_fair_as_of', this) }}",
  "{{ create_restated('trade_fair_restated', this) }}",
]) }}
-- depends_on: {{ ref('dim_province') }}
-- depends_on: {{ ref('fct_organisation_count') }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_05a')) }}
),

-- Reports of several periods may state one fair: the latest speaks, of equally late ones that of the shortest period.
spoken as (
  {{ recorded_ranges(
    'stated',
    key=['fair_code'],
    order_by='period_ends_on desc, period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  spoken.row_id,
  spoken.fair_code,
  spoken.fair_name,
  spoken.place,
  spoken.province_key,
  spoken.period_code,
  spoken.started_on,
  spoken.ended_on,
  spoken.booth_count,
  spoken.cooperative_participant_count,
  spoken.other_participant_count,
  spoken.visitor_count,
  spoken.contract_count,
  spoken.contract_value_vnd,
  spoken.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.artifact_sha256,
  spoken.sheet,
  spoken.row_number
from spoken
