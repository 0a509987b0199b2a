-- The reject rules of the fund family, over every readable submission.
with position as (
  {{ readable_rows(ref('stg_bieu_04a')) }}
),

sides as (
  select
    'fund.balance' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=outstanding_vnd|revision=' || position.revision || '|artifact='
    || left(position.artifact_sha256, 16) as grain,
    position.province_key,
    position.period_code,
    'Dư nợ đầu kỳ + giải ngân − thu nợ − xóa nợ = dư nợ cuối kỳ: ' || position.fund_name || ', '
    || {{ mid_sentence('position.period_name_vi') }} as subject,
    position.opening_outstanding_vnd + position.disbursed_vnd - position.repaid_vnd - position.written_off_vnd
      as expected,
    position.outstanding_vnd as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    {{ json_list([
      evidence_cell('position', 'opening_outstanding_vnd'),
      evidence_cell('position', 'disbursed_vnd'),
      evidence_cell('position', 'repaid_vnd'),
      evidence_cell('position', 'written_off_vnd'),
    ]) }} as expected_evidence,
    {{ json_list([evidence_cell('position', 'outstanding_vnd')]) }} as actual_evidence,
    position.artifact_sha256,
    cast(null as varchar) as detail
  from position

  union all

  select
    'fund.groups' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=debt_groups_vnd|revision=' || position.revision || '|artifact='
    || left(position.artifact_sha256, 16) as grain,
    position.province_key,
    position.period_code,
    'Dư nợ nhóm 1 đến nhóm 5 = dư nợ cuối kỳ: ' || position.fund_name || ', '
    || {{ mid_sentence('position.period_name_vi') }}
      as subject,
    position.outstanding_vnd as expected,
    position.debt_group_1_vnd + position.debt_group_2_vnd + position.debt_group_3_vnd + position.debt_group_4_vnd
    + position.debt_group_5_vnd as actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    {{ json_list([evidence_cell('position', 'outstanding_vnd')]) }} as expected_evidence,
    {{ json_list([
      evidence_cell('position', 'debt_group_1_vnd'),
      evidence_cell('position', 'debt_group_2_vnd'),
      evidence_cell('position', 'debt_group_3_vnd'),
      evidence_cell('position', 'debt_group_4_vnd'),
      evidence_cell('position', 'debt_group_5_vnd'),
    ]) }} as actual_evidence,
    position.artifact_sha256,
    cast(null as varchar) as detail
  from position
)

{{ residuals_of('sides') }}
