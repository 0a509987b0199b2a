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
    -- A memorandum may state no value; stated values must add up.
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

sides as (
  {% set detail = {'fair_code': 'compared.fair_code', 'contracts_without_value': 'compared.unvalued_contract_count'} %}
  {% for rule, column, listed, evidence, sent, form, title in [
    ('fair.participants', 'cooperative_participant_count', 'participant_count', 'participant_evidence',
     'has_participants', '05B', 'Số HTX tham gia được liệt kê (Biểu 05B) = số nêu ở Biểu 05A'),
    ('fair.booths', 'booth_count', 'booth_count', 'booth_evidence', 'has_participants', '05B',
     'Cộng gian hàng của các đơn vị (Biểu 05B) = số gian hàng nêu ở Biểu 05A'),
    ('fair.contracts', 'contract_count', 'contract_count', 'contract_evidence', 'has_contracts', '05C',
     'Số hợp đồng được liệt kê (Biểu 05C) = số nêu ở Biểu 05A'),
    ('fair.contract_value', 'contract_value_vnd', 'value_vnd', 'value_evidence', 'has_contracts', '05C',
     'Cộng giá trị hợp đồng (Biểu 05C) = tổng giá trị nêu ở Biểu 05A'),
  ] %}
  {{ compare_reported(
    rule, 'compared', title, ['fair_name', 'province_name'], key={'fair': 'fair_code'}, measure=column,
    expected=[column],
    actual='compared.listed_' ~ listed, actual_evidence='compared.' ~ evidence,
    reason='case when not compared.' ~ sent ~ " then 'Tỉnh chưa có Biểu " ~ form ~ " được chấp nhận của kỳ này.' end",
    detail=detail,
  ) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ residuals_of('sides') }}
