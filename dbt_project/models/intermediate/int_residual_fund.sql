-- The whole fund family: its reject rules over every readable submission, the others over current ones.
with position as (
  {{ current_rows(ref('stg_bieu_04a')) }}
),

loan as (
  {{ current_rows(ref('stg_bieu_04b')) }}
),

loan_sums as (
  select
    loan.province_key,
    loan.period_code,
    loan.fund_code,
    sum(loan.outstanding_vnd) as listed_vnd,
    count(*) as loan_count,
    {{ json_list_agg(evidence_cell('loan', 'outstanding_vnd'), 'loan.row_number, loan.row_id') }} as evidence
  from loan
  group by loan.province_key, loan.period_code, loan.fund_code
),

loan_list as (
  select
    province_key,
    period_code
  from {{ ref('int_submission_form_recorded') }}
  where
    is_current
    and form = 'BIEU_04B'
),

sides as (
  select
    'fund.loans_outstanding' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=outstanding_vnd' as grain,
    position.province_key,
    position.period_code,
    'Cộng dư nợ các khoản vay (Biểu 04B) = dư nợ cuối kỳ (Biểu 04A): ' || position.fund_name || ', '
    || lower(position.period_name_vi) as subject,
    position.outstanding_vnd as expected,
    coalesce(loan_sums.listed_vnd, 0) as actual,
    0 as claim_precision,
    case when loan_list.province_key is null then 'Tỉnh chưa có Biểu 04B được chấp nhận của kỳ này.' end
      as not_comparable_reason,
    {{ json_list([evidence_cell('position', 'outstanding_vnd')]) }} as expected_evidence,
    loan_sums.evidence as actual_evidence,
    position.artifact_sha256,
    cast({{ json_of({'loans_listed': 'coalesce(loan_sums.loan_count, 0)'}) }} as varchar) as detail
  from position
  left join loan_list
    on
      position.province_key = loan_list.province_key
      and position.period_code = loan_list.period_code
  left join loan_sums
    on
      position.province_key = loan_sums.province_key
      and position.period_code = loan_sums.period_code
      and position.fund_code = loan_sums.fund_code

  union all

  select
    'fund.loan_balance' as rule_id,
    'province=' || loan.province_key || '|period=' || loan.period_code || '|loan=' || loan.loan_code
    || '|measure=outstanding_vnd' as grain,
    loan.province_key,
    loan.period_code,
    'Giải ngân − thu nợ − xóa nợ = dư nợ: khoản vay ' || loan.loan_code || ', ' || loan.province_name || ', '
    || lower(loan.period_name_vi) as subject,
    loan.disbursed_vnd - loan.repaid_vnd - loan.written_off_vnd as expected,
    loan.outstanding_vnd as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    {{ json_list([
      evidence_cell('loan', 'disbursed_vnd'),
      evidence_cell('loan', 'repaid_vnd'),
      evidence_cell('loan', 'written_off_vnd'),
    ]) }} as expected_evidence,
    {{ json_list([evidence_cell('loan', 'outstanding_vnd')]) }} as actual_evidence,
    loan.artifact_sha256,
    cast(null as varchar) as detail
  from loan

  union all

  -- A floor, not an equality: what is expected of a fund above the floor is what it has.
  select
    'fund.charter_floor' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=charter_registered_vnd' as grain,
    position.province_key,
    position.period_code,
    'Vốn điều lệ đạt mức tối thiểu theo quy định: ' || position.fund_name || ', ' || lower(position.period_name_vi)
      as subject,
    greatest(requirement.minimum_charter_vnd, position.charter_registered_vnd) as expected,
    position.charter_registered_vnd as actual,
    0 as claim_precision,
    case when requirement.minimum_charter_vnd is null then 'Kỳ này chưa có mức vốn tối thiểu theo quy định.' end
      as not_comparable_reason,
    case when requirement.minimum_charter_vnd is not null then
      {{ json_list([json_of({'source': 'requirement.source', 'value': 'requirement.minimum_charter_vnd'})]) }}
    end as expected_evidence,
    {{ json_list([evidence_cell('position', 'charter_registered_vnd')]) }} as actual_evidence,
    position.artifact_sha256,
    cast({{ json_of({'floor_vnd': 'requirement.minimum_charter_vnd'}) }} as varchar) as detail
  from position
  left join {{ ref('fund_requirements') }} as requirement
    on
      requirement.scope = 'province'
      and {{ is_valid_on('requirement', 'position.period_ends_on') }}
)

{{ residuals_of('sides') }}

union all

select {{ residual_columns() }} from {{ ref('int_residual_fund_position') }}
