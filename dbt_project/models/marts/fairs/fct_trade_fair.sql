{{ config(post_hook=[
  "{{ create_restated('trade_fair_restated', this) }}",
]) }}
-- depends_on: {{ ref('dim_province') }}
-- depends_on: {{ ref('fct_organisation_count') }}

-- Reports of several periods may state one fair: the latest counts, of equally late ones that of the shortest period.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_05a_recorded'), key=['fair_code']) }}
)

select
  ranged.row_id,
  ranged.fair_code,
  ranged.fair_name,
  ranged.place,
  ranged.province_key,
  ranged.period_code,
  ranged.started_on,
  ranged.ended_on,
  ranged.booth_count,
  ranged.cooperative_participant_count,
  ranged.other_participant_count,
  ranged.visitor_count,
  ranged.contract_count,
  ranged.contract_value_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
