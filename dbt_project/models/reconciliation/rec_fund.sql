-- The fund family over current submissions; its reject rules are in rec_fund_position.
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

group_numbers (debt_group) as (
  values (1), (2), (3), (4), (5)
),

loan_group_sums as (
  select
    loan.province_key,
    loan.period_code,
    loan.fund_code,
    loan.debt_group,
    sum(loan.outstanding_vnd) as listed_vnd,
    {{ json_list_agg(evidence_cell('loan', 'outstanding_vnd'), 'loan.row_number, loan.row_id') }} as evidence
  from loan
  group by loan.province_key, loan.period_code, loan.fund_code, loan.debt_group
),

grouped as (
  select
    position.*,
    group_numbers.debt_group,
    'debt_group_' || group_numbers.debt_group || '_vnd' as group_column,
    'Cộng dư nợ các khoản vay nhóm ' || group_numbers.debt_group || ' (Biểu 04B) = dư nợ nhóm '
    || group_numbers.debt_group || ' (Biểu 04A)' as title_vi,
    case group_numbers.debt_group
      {% for number in range(1, 6) -%}
        when {{ number }} then position.debt_group_{{ number }}_vnd
      {% endfor %}
    end as group_vnd
  from position
  cross join group_numbers
),

-- The position of the previous month, on the present map: a fund keeps its code when its province is merged.
followed as (
  select
    position.*,
    period.previous_period_code,
    count(recorded.province_key) as earlier_report_count
  from position
  inner join {{ ref('int_period') }} as period on position.period_code = period.period_code
  inner join {{ ref('int_province_member') }} as member on position.province_key = member.province_key
  left join {{ ref('int_submission_form_recorded') }} as recorded
    on
      member.member_province_key = recorded.province_key
      and period.previous_period_code = recorded.period_code
      and recorded.form = 'BIEU_04A'
      and recorded.is_current
  where
    exists (
      select 1
      from position as earlier
      inner join {{ ref('int_province_member') }} as earlier_member
        on earlier.province_key = earlier_member.member_province_key
      where
        earlier_member.province_key = position.province_key
        and earlier.fund_code = position.fund_code
        and earlier.period_ends_on < position.period_starts_on
    )
  group by all
),

borrower_sums as (
  select
    loan.province_key,
    loan.period_code,
    loan.fund_code,
    loan.borrower_code,
    sum(loan.outstanding_vnd) as borrower_vnd,
    {{ json_list_agg(evidence_cell('loan', 'outstanding_vnd'), 'loan.row_number, loan.row_id') }} as evidence
  from loan
  group by loan.province_key, loan.period_code, loan.fund_code, loan.borrower_code
),

largest_borrower as (
  select *
  from borrower_sums
  qualify
    row_number() over (
      partition by province_key, period_code, fund_code
      order by borrower_vnd desc, borrower_code asc
    ) = 1
),

bad_debt_claim as (
  select claim.*
  from {{ ref('int_claim_original') }} as claim
  where
    claim.indicator_code = 'bad_debt_ratio'
    and claim.claim_status = 'actual'
    and claim.geography_kind = 'province'
    and claim.as_of_period_code is not null
),

sides as (
  {% set no_loan_list %}
    case when loan_list.province_key is null then 'Tỉnh chưa có Biểu 04B được chấp nhận của kỳ này.' end
  {% endset %}

  {% call compare_reported(
    'fund.loans_outstanding', 'position', 'Cộng dư nợ các khoản vay (Biểu 04B) = dư nợ cuối kỳ (Biểu 04A)',
    ['fund_name'], key={'fund': 'fund_code'}, measure='outstanding_vnd',
    expected=['outstanding_vnd'],
    actual='coalesce(loan_sums.listed_vnd, 0)', actual_evidence='loan_sums.evidence',
    reason=no_loan_list, detail={'loans_listed': 'coalesce(loan_sums.loan_count, 0)'},
  ) %}
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
  {% endcall %}

  union all

  {% call compare_reported(
    'fund.loan_groups', 'grouped', 'grouped.title_vi', ['fund_name'],
    key={'fund': 'fund_code', 'measure': 'group_column'},
    expected='grouped.group_vnd',
    expected_evidence=json_list([evidence_named_cell('grouped', 'grouped.group_column', 'grouped.group_vnd')]),
    actual='coalesce(loan_group_sums.listed_vnd, 0)', actual_evidence='loan_group_sums.evidence',
    reason=no_loan_list, detail={'debt_group': 'grouped.debt_group'},
  ) %}
  from grouped
  left join loan_list
    on
      grouped.province_key = loan_list.province_key
      and grouped.period_code = loan_list.period_code
  left join loan_group_sums
    on
      grouped.province_key = loan_group_sums.province_key
      and grouped.period_code = loan_group_sums.period_code
      and grouped.fund_code = loan_group_sums.fund_code
      and grouped.debt_group = loan_group_sums.debt_group
  {% endcall %}

  union all

  {{ compare_reported(
    'fund.loan_balance', 'loan', 'Giải ngân − thu nợ − xóa nợ = dư nợ',
    ["'khoản vay ' || loan.loan_code", 'province_name'],
    key={'loan': 'loan_code'}, measure='outstanding_vnd',
    expected=['disbursed_vnd', '-repaid_vnd', '-written_off_vnd'],
    actual=['outstanding_vnd'],
  ) }}

  union all

  {% call compare_reported(
    'fund.opening', 'followed', 'Dư nợ đầu kỳ này = dư nợ cuối kỳ trước', ['fund_name'],
    key={'fund': 'fund_code'}, measure='opening_outstanding_vnd',
    expected='previous_row.outstanding_vnd',
    expected_evidence=evidence_where(
      'previous_row.fund_code is not null', [evidence_cell('previous_row', 'outstanding_vnd')]
    ),
    actual=['opening_outstanding_vnd'],
    reason="case
      when followed.earlier_report_count = 0 then 'Chưa có Biểu 04A được chấp nhận của kỳ trước.'
      when previous_row.fund_code is null then 'Biểu 04A của kỳ trước không có quỹ này.'
    end",
    detail={
      'previous_period': 'followed.previous_period_code',
      'previous_opening': "json_object('value', previous_row.opening_outstanding_vnd)",
    },
  ) %}
  from followed
  left join (
    select
      member.province_key as follower_province_key,
      earlier.*
    from position as earlier
    inner join {{ ref('int_province_member') }} as member on earlier.province_key = member.member_province_key
  ) as previous_row
    on
      followed.province_key = previous_row.follower_province_key
      and followed.previous_period_code = previous_row.period_code
      and followed.fund_code = previous_row.fund_code
  {% endcall %}

  union all

  {% call compare_reported(
    'fund.charter_floor', 'position', 'Vốn điều lệ đạt mức tối thiểu theo quy định', ['fund_name'],
    key={'fund': 'fund_code'}, measure='charter_registered_vnd',
    expected='requirement.minimum_charter_vnd',
    expected_evidence=evidence_where('requirement.minimum_charter_vnd is not null', [json_of({
      'source': 'requirement.source', 'value': 'requirement.minimum_charter_vnd',
    })]),
    actual=['charter_registered_vnd'],
    reason="case
      when requirement.minimum_charter_vnd is null then 'Kỳ này chưa có mức vốn tối thiểu theo quy định.'
    end",
  ) %}
  from position
  left join {{ ref('fund_requirements') }} as requirement
    on
      requirement.scope = 'province'
      and {{ is_valid_on('requirement', 'position.period_ends_on') }}
  {% endcall %}

  union all

  -- Applies to loans signed while the requirement was in force.
  {% call compare_reported(
    'fund.own_capital', 'loan', 'Vốn tự có đạt tỷ lệ tối thiểu của tổng vốn dự án',
    ["'khoản vay ' || loan.loan_code", 'province_name'],
    key={'loan': 'loan_code'}, measure='own_capital_vnd',
    expected='loan.project_cost_vnd * requirement.minimum_own_capital_pct / 100',
    expected_evidence=json_list([
      evidence_cell('loan', 'project_cost_vnd'),
      json_of({'source': 'requirement.source', 'value': 'requirement.minimum_own_capital_pct'}),
    ]),
    actual=['own_capital_vnd'],
    detail={'minimum_pct': 'requirement.minimum_own_capital_pct'},
  ) %}
  from loan
  inner join {{ ref('fund_requirements') }} as requirement
    on
      requirement.scope = 'province'
      and {{ is_valid_on('requirement', 'loan.signed_on') }}
      and requirement.minimum_own_capital_pct is not null
  {% endcall %}

  union all

  {% call compare_reported(
    'fund.borrower_exposure', 'position', 'Dư nợ của một khách hàng không vượt tỷ lệ tối đa của vốn điều lệ thực góp',
    ['fund_name'],
    key={'fund': 'fund_code'}, measure='largest_borrower_vnd',
    expected='position.charter_paid_vnd * requirement.maximum_borrower_pct / 100',
    expected_evidence=json_list([
      evidence_cell('position', 'charter_paid_vnd'),
      json_of({'source': 'requirement.source', 'value': 'requirement.maximum_borrower_pct'}),
    ]),
    actual='coalesce(largest_borrower.borrower_vnd, 0)', actual_evidence='largest_borrower.evidence',
    reason=no_loan_list,
    detail={
      'borrower_code': 'largest_borrower.borrower_code', 'maximum_pct': 'requirement.maximum_borrower_pct',
    },
  ) %}
  from position
  inner join {{ ref('fund_requirements') }} as requirement
    on
      requirement.scope = 'province'
      and {{ is_valid_on('requirement', 'position.period_ends_on') }}
      and requirement.maximum_borrower_pct is not null
  left join loan_list
    on
      position.province_key = loan_list.province_key
      and position.period_code = loan_list.period_code
  left join largest_borrower
    on
      position.province_key = largest_borrower.province_key
      and position.period_code = largest_borrower.period_code
      and position.fund_code = largest_borrower.fund_code
  {% endcall %}

  union all

  -- BIEU_04A states no ratio; a published ratio must follow from its groups 3 to 5.
  {% set bad_debt_vnd = 'position.debt_group_3_vnd + position.debt_group_4_vnd + position.debt_group_5_vnd' %}
  {% call compare(
    'fund.bad_debt_ratio', grain={'claim': 'bad_debt_claim.claim_id'},
    province='bad_debt_claim.province_key', period='bad_debt_claim.as_of_period_code',
    subject="'Tỷ lệ nợ xấu đã công bố = nợ nhóm 3 đến nhóm 5 trên tổng dư nợ (Biểu 04A): ' || bad_debt_claim.geography",
    expected='bad_debt_claim.value', expected_evidence=json_list([evidence_claim('bad_debt_claim')]),
    actual='case when sum(position.outstanding_vnd) > 0 then
      round(100 * sum(' ~ bad_debt_vnd ~ ') / sum(position.outstanding_vnd), 6)
    end',
    actual_evidence=json_list_agg(
      evidence_named_cell('position', "'debt_group_3_vnd, debt_group_4_vnd, debt_group_5_vnd'", bad_debt_vnd),
      'position.row_number', 'position.fund_code is not null'
    ),
    precision=claim_precision('bad_debt_claim', 'bad_debt_claim.value'),
    reason="case when count(position.fund_code) = 0 then 'Tỉnh chưa có Biểu 04A được chấp nhận của kỳ này.' end",
    artifact='min(position.artifact_sha256)',
    detail={'claim_id': 'bad_debt_claim.claim_id', 'url': 'bad_debt_claim.url'},
  ) %}
  from bad_debt_claim
  left join position
    on
      bad_debt_claim.province_key = position.province_key
      and bad_debt_claim.as_of_period_code = position.period_code
  group by
    bad_debt_claim.claim_id, bad_debt_claim.province_key, bad_debt_claim.as_of_period_code, bad_debt_claim.geography,
    bad_debt_claim.value, bad_debt_claim.qualifier, bad_debt_claim.half_digit, bad_debt_claim.value_max,
    bad_debt_claim.artifact_sha256, bad_debt_claim.url, bad_debt_claim.quote, bad_debt_claim.quote_start,
    bad_debt_claim.quote_end, bad_debt_claim.copy_urls
  {% endcall %}
)

{{ residuals_of('sides') }}
