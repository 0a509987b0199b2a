{{ config(post_hook=[
  "{{ create_fund_as_of() }}",
  "{{ create_restated('fund_position_restated', this) }}",
]) }}
-- depends_on: {{ ref('dim_province') }}
-- depends_on: {{ ref('fct_organisation_count') }}
-- depends_on: {{ ref('dim_period') }}

with ranged as (
  {{ recorded_ranges(ref('int_bieu_04a_recorded'), key=['province_key', 'period_code', 'fund_code']) }}
)

select
  row_id,
  fund_code,
  fund_name,
  fund_model_code,
  province_key,
  period_code,
  charter_registered_vnd,
  charter_paid_vnd,
  equity_vnd,
  other_sources_vnd,
  opening_outstanding_vnd,
  disbursed_vnd,
  repaid_vnd,
  written_off_vnd,
  outstanding_vnd,
  debt_group_1_vnd,
  debt_group_2_vnd,
  debt_group_3_vnd,
  debt_group_4_vnd,
  debt_group_5_vnd,
  provision_vnd,
  revision,
  recorded_from,
  recorded_to,
  is_current,
  artifact_sha256,
  sheet,
  row_number
from ranged
