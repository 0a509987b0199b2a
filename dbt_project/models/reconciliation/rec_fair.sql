with fair as (
  {{ current_rows(ref('stg_bieu_05a')) }}
),

participation as (
  {{ current_rows(ref('stg_bieu_05b')) }}
),

contract as (
  {{ current_rows(ref('stg_bieu_05c')) }}
),

participation_sums as (
  select
    participation.province_key,
    participation.period_code,
    participation.fair_code,
    count(*) as participant_count,
    sum(participation.booth_count) as booth_count,
    {{ json_list_agg(evidence_cell('participation', 'org_code'), 'participation.row_number, participation.row_id') }}
      as participant_evidence,
    {{ json_list_agg(evidence_cell('participation', 'booth_count'), 'participation.row_number, participation.row_id') }}
      as booth_evidence
  from participation
  group by participation.province_key, participation.period_code, participation.fair_code
),

contract_sums as (
  select
    contract.province_key,
    contract.period_code,
    contract.fair_code,
    count(*) as contract_count,
    -- A memorandum may state no value; what is stated has to add up.
    coalesce(sum(contract.value_vnd), 0) as value_vnd,
    count(*) filter (where contract.value_vnd is null) as unvalued_contract_count,
    {{ json_list_agg(evidence_cell('contract', 'contract_code'), 'contract.row_number, contract.row_id') }}
      as contract_evidence,
    {{ json_list_agg(evidence_cell('contract', 'value_vnd'), 'contract.row_number, contract.row_id') }}
      as value_evidence
  from contract
  group by contract.province_key, contract.period_code, contract.fair_code
),

sent as (
  select
    province_key,
    period_code,
    bool_or(form = 'BIEU_05B') as has_participants,
    bool_or(form = 'BIEU_05C') as has_contracts
  from {{ ref('int_submission_form_recorded') }}
  where is_current
  group by province_key, period_code
),

compared as (
  select
    fair.*,
    sent.has_participants,
    sent.has_contracts,
    coalesce(participation_sums.participant_count, 0) as listed_participant_count,
    coalesce(participation_sums.booth_count, 0) as listed_booth_count,
    participation_sums.participant_evidence,
    participation_sums.booth_evidence,
    coalesce(contract_sums.contract_count, 0) as listed_contract_count,
    coalesce(contract_sums.value_vnd, 0) as listed_value_vnd,
    coalesce(contract_sums.unvalued_contract_count, 0) as unvalued_contract_count,
    contract_sums.contract_evidence,
    contract_sums.value_evidence
  from fair
  inner join sent
    on
      fair.province_key = sent.province_key
      and fair.period_code = sent.period_code
  left join participation_sums
    on
      fair.province_key = participation_sums.province_key
      and fair.period_code = participation_sums.period_code
      and fair.fair_code = participation_sums.fair_code
  left join contract_sums
    on
      fair.province_key = contract_sums.province_key
      and fair.period_code = contract_sums.period_code
      and fair.fair_code = contract_sums.fair_code
),

{% set checks = [
  {'rule': 'fair.participants', 'column': 'cooperative_participant_count', 'listed': 'listed_participant_count',
   'evidence': 'participant_evidence', 'form': '05B', 'sent': 'has_participants',
   'vi': 'Số HTX tham gia được liệt kê (Biểu 05B) = số nêu ở Biểu 05A'},
  {'rule': 'fair.booths', 'column': 'booth_count', 'listed': 'listed_booth_count',
   'evidence': 'booth_evidence', 'form': '05B', 'sent': 'has_participants',
   'vi': 'Cộng gian hàng của các đơn vị (Biểu 05B) = số gian hàng nêu ở Biểu 05A'},
  {'rule': 'fair.contracts', 'column': 'contract_count', 'listed': 'listed_contract_count',
   'evidence': 'contract_evidence', 'form': '05C', 'sent': 'has_contracts',
   'vi': 'Số hợp đồng được liệt kê (Biểu 05C) = số nêu ở Biểu 05A'},
  {'rule': 'fair.contract_value', 'column': 'contract_value_vnd', 'listed': 'listed_value_vnd',
   'evidence': 'value_evidence', 'form': '05C', 'sent': 'has_contracts',
   'vi': 'Cộng giá trị hợp đồng (Biểu 05C) = tổng giá trị nêu ở Biểu 05A'},
] %}
sides as (
  {% for check in checks %}
  select
    '{{ check.rule }}' as rule_id,
    'province=' || compared.province_key || '|period=' || compared.period_code || '|fair=' || compared.fair_code
    || '|measure={{ check.column }}' as grain,
    compared.province_key,
    compared.period_code,
    '{{ check.vi }}: ' || compared.fair_name || ', ' || compared.province_name || ', '
    || {{ mid_sentence('compared.period_name_vi') }} as subject,
    compared.{{ check.column }} as expected,
    compared.{{ check.listed }} as actual,
    0 as claim_precision,
    case when not compared.{{ check.sent }} then
      'Tỉnh chưa có Biểu {{ check.form }} được chấp nhận của kỳ này.'
    end as not_comparable_reason,
    {{ json_list([evidence_cell('compared', check.column)]) }} as expected_evidence,
    compared.{{ check.evidence }} as actual_evidence,
    compared.artifact_sha256,
    cast({{ json_of({
      'fair_code': 'compared.fair_code', 'contracts_without_value': 'compared.unvalued_contract_count',
    }) }} as varchar) as detail
  from compared
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ residuals_of('sides') }}
