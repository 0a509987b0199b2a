{{ config(post_hook=[
  "{{ create_as_of('fund_loan_as_of', this, cooperative=['borrower_code', 'period.ends_on']) }}",
  "{{ create_restated('fund_loan_restated', this) }}",
]) }}
-- depends_on: {{ ref('dim_province') }}
-- depends_on: {{ ref('fct_organisation_count') }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with stated as (
  {{ recorded_rows(ref('stg_bieu_04b')) }}
)

select
  stated.row_id,
  stated.loan_code,
  stated.fund_code,
  stated.province_key,
  stated.period_code,
  stated.borrower_code,
  cooperative.cooperative_key,
  stated.borrower_kind_code,
  stated.purpose,
  stated.project_cost_vnd,
  stated.own_capital_vnd,
  stated.principal_vnd,
  stated.signed_on,
  stated.due_on,
  stated.rate_per_year_pct,
  stated.disbursed_vnd,
  stated.repaid_vnd,
  stated.written_off_vnd,
  stated.outstanding_vnd,
  stated.overdue_vnd,
  cast(stated.debt_group as integer) as debt_group_number,
  stated.debt_group between 3 and 5 as is_bad_debt,
  stated.security_kind_code,
  stated.revision,
  stated.recorded_from,
  stated.recorded_to,
  stated.is_current,
  stated.artifact_sha256,
  stated.sheet,
  stated.row_number
from stated
left join {{ ref('dim_cooperative') }} as cooperative
  on
    stated.borrower_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'stated.period_ends_on') }}
