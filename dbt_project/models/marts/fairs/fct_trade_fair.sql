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
  stated.row_id,
  stated.fair_code,
  stated.fair_name,
  stated.place,
  stated.province_key,
  stated.period_code,
  stated.started_on,
  stated.ended_on,
  stated.booth_count,
  stated.cooperative_participant_count,
  stated.other_participant_count,
  stated.visitor_count,
  stated.contract_count,
  stated.contract_value_vnd,
  stated.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
inner join spoken on stated.row_id = spoken.row_id
