{{ config(post_hook=[
  "{{ create_restated('fund_loan_restated', this) }}",
]) }}
-- depends_on: {{ ref('dim_province') }}
-- depends_on: {{ ref('fct_organisation_count') }}

with ranged as (
  {{ recorded_ranges(ref('int_bieu_04b_recorded'), key=['province_key', 'period_code', 'loan_code']) }}
)

select
  ranged.row_id,
  ranged.loan_code,
  ranged.fund_code,
  ranged.province_key,
  ranged.period_code,
  ranged.borrower_code,
  cooperative.cooperative_key,
  ranged.borrower_kind_code,
  ranged.purpose,
  ranged.project_cost_vnd,
  ranged.own_capital_vnd,
  ranged.principal_vnd,
  ranged.signed_on,
  ranged.due_on,
  ranged.rate_per_year_pct,
  ranged.disbursed_vnd,
  ranged.repaid_vnd,
  ranged.written_off_vnd,
  ranged.outstanding_vnd,
  ranged.overdue_vnd,
  cast(ranged.debt_group as integer) as debt_group_number,
  ranged.debt_group between 3 and 5 as is_bad_debt,
  ranged.security_kind_code,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'borrower_code', 'period_ends_on') }}
