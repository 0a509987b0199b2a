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
    case group_numbers.debt_group
      {% for number in range(1, 6) -%}
        when {{ number }} then position.debt_group_{{ number }}_vnd
      {% endfor %}
    end as group_vnd
  from position
  cross join group_numbers
),

-- The position of the month before, by the present map: a fund keeps its code when its province is merged.
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
  select
    'fund.loan_groups' as rule_id,
    'province=' || grouped.province_key || '|period=' || grouped.period_code || '|fund=' || grouped.fund_code
    || '|measure=' || grouped.group_column as grain,
    grouped.province_key,
    grouped.period_code,
    'Cộng dư nợ các khoản vay nhóm ' || grouped.debt_group || ' (Biểu 04B) = dư nợ nhóm ' || grouped.debt_group
    || ' (Biểu 04A): ' || grouped.fund_name || ', ' || {{ mid_sentence('grouped.period_name_vi') }} as subject,
    grouped.group_vnd as expected,
    coalesce(loan_group_sums.listed_vnd, 0) as actual,
    0 as claim_precision,
    case when loan_list.province_key is null then 'Tỉnh chưa có Biểu 04B được chấp nhận của kỳ này.' end
      as not_comparable_reason,
    {{ json_list([evidence_named_cell('grouped', 'grouped.group_column', 'grouped.group_vnd')]) }} as expected_evidence,
    loan_group_sums.evidence as actual_evidence,
    grouped.artifact_sha256,
    cast({{ json_of({'debt_group': 'grouped.debt_group'}) }} as varchar) as detail
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

  union all

  select
    'fund.opening' as rule_id,
    'province=' || followed.province_key || '|period=' || followed.period_code || '|fund=' || followed.fund_code
    || '|measure=opening_outstanding_vnd' as grain,
    followed.province_key,
    followed.period_code,
    'Dư nợ đầu kỳ này = dư nợ cuối kỳ trước: ' || followed.fund_name || ', '
    || {{ mid_sentence('followed.period_name_vi') }}
      as subject,
    previous_row.outstanding_vnd as expected,
    followed.opening_outstanding_vnd as actual,
    0 as claim_precision,
    case
      when followed.earlier_report_count = 0 then 'Chưa có Biểu 04A được chấp nhận của kỳ trước.'
      when previous_row.fund_code is null then 'Biểu 04A của kỳ trước không có quỹ này.'
    end as not_comparable_reason,
    case
      when previous_row.fund_code is not null then {{ json_list([evidence_cell('previous_row', 'outstanding_vnd')]) }}
    end as expected_evidence,
    {{ json_list([evidence_cell('followed', 'opening_outstanding_vnd')]) }} as actual_evidence,
    followed.artifact_sha256,
    cast({{ json_of({
      'previous_period': 'followed.previous_period_code', 'previous_opening': "json_object('value', previous_row.opening_outstanding_vnd)",
    }) }} as varchar) as detail
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

  union all

  -- A floor for loans signed while the requirement was in force.
  select
    'fund.own_capital' as rule_id,
    'province=' || loan.province_key || '|period=' || loan.period_code || '|loan=' || loan.loan_code
    || '|measure=own_capital_vnd' as grain,
    loan.province_key,
    loan.period_code,
    'Vốn tự có đạt tỷ lệ tối thiểu của tổng vốn dự án: khoản vay ' || loan.loan_code || ', ' || loan.province_name
    || ', ' || {{ mid_sentence('loan.period_name_vi') }} as subject,
    greatest(loan.project_cost_vnd * requirement.minimum_own_capital_pct / 100, loan.own_capital_vnd) as expected,
    loan.own_capital_vnd as actual,
    0 as claim_precision,
    case
      when loan.project_cost_vnd is null or loan.own_capital_vnd is null
        then 'Biểu 04B không ghi tổng vốn dự án hoặc vốn tự có của khoản vay này.'
    end as not_comparable_reason,
    {{ json_list([
      evidence_cell('loan', 'project_cost_vnd'),
      json_of({'source': 'requirement.source', 'value': 'requirement.minimum_own_capital_pct'}),
    ]) }} as expected_evidence,
    {{ json_list([evidence_cell('loan', 'own_capital_vnd')]) }} as actual_evidence,
    loan.artifact_sha256,
    cast({{ json_of({'minimum_pct': 'requirement.minimum_own_capital_pct'}) }} as varchar) as detail
  from loan
  inner join {{ ref('fund_requirements') }} as requirement
    on
      requirement.scope = 'province'
      and {{ is_valid_on('requirement', 'loan.signed_on') }}
      and requirement.minimum_own_capital_pct is not null

  union all

  -- A ceiling: what is expected of a fund below it is what it has.
  select
    'fund.borrower_exposure' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=largest_borrower_vnd' as grain,
    position.province_key,
    position.period_code,
    'Dư nợ của một khách hàng không vượt tỷ lệ tối đa của vốn điều lệ thực góp: ' || position.fund_name || ', '
    || {{ mid_sentence('position.period_name_vi') }} as subject,
    least(
      position.charter_paid_vnd * requirement.maximum_borrower_pct / 100, coalesce(largest_borrower.borrower_vnd, 0)
    ) as expected,
    coalesce(largest_borrower.borrower_vnd, 0) as actual,
    0 as claim_precision,
    case when loan_list.province_key is null then 'Tỉnh chưa có Biểu 04B được chấp nhận của kỳ này.' end
      as not_comparable_reason,
    {{ json_list([
      evidence_cell('position', 'charter_paid_vnd'),
      json_of({'source': 'requirement.source', 'value': 'requirement.maximum_borrower_pct'}),
    ]) }} as expected_evidence,
    largest_borrower.evidence as actual_evidence,
    position.artifact_sha256,
    cast({{ json_of({
      'borrower_code': 'largest_borrower.borrower_code', 'maximum_pct': 'requirement.maximum_borrower_pct',
    }) }} as varchar) as detail
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

  union all

  -- BIEU_04A states no ratio; what is published as one must follow from its groups 3 to 5.
  select
    'fund.bad_debt_ratio' as rule_id,
    'claim=' || bad_debt_claim.claim_id as grain,
    bad_debt_claim.province_key,
    bad_debt_claim.as_of_period_code as period_code,
    'Tỷ lệ nợ xấu đã công bố = nợ nhóm 3 đến nhóm 5 trên tổng dư nợ (Biểu 04A): ' || bad_debt_claim.geography
      as subject,
    bad_debt_claim.value as expected,
    case
      when sum(position.outstanding_vnd) > 0 then
        round(
          100 * sum(position.debt_group_3_vnd + position.debt_group_4_vnd + position.debt_group_5_vnd)
          / sum(position.outstanding_vnd), 6
        )
    end as actual,
    {{ claim_precision('bad_debt_claim', 'bad_debt_claim.value') }} as claim_precision,
    case when count(position.fund_code) = 0 then 'Tỉnh chưa có Biểu 04A được chấp nhận của kỳ này.' end
      as not_comparable_reason,
    {{ json_list([evidence_claim('bad_debt_claim')]) }} as expected_evidence,
    {{ json_list_agg(
      evidence_named_cell('position', "'debt_group_3_vnd, debt_group_4_vnd, debt_group_5_vnd'",
        "position.debt_group_3_vnd + position.debt_group_4_vnd + position.debt_group_5_vnd"),
      'position.row_number', 'position.fund_code is not null'
    ) }} as actual_evidence,
    min(position.artifact_sha256) as artifact_sha256,
    cast({{ json_of({'claim_id': 'bad_debt_claim.claim_id', 'url': 'bad_debt_claim.url'}) }} as varchar) as detail
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

  union all

  select
    'fund.loans_outstanding' as rule_id,
    'province=' || position.province_key || '|period=' || position.period_code || '|fund=' || position.fund_code
    || '|measure=outstanding_vnd' as grain,
    position.province_key,
    position.period_code,
    'Cộng dư nợ các khoản vay (Biểu 04B) = dư nợ cuối kỳ (Biểu 04A): ' || position.fund_name || ', '
    || {{ mid_sentence('position.period_name_vi') }} as subject,
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
    || {{ mid_sentence('loan.period_name_vi') }} as subject,
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
    'Vốn điều lệ đạt mức tối thiểu theo quy định: ' || position.fund_name || ', '
    || {{ mid_sentence('position.period_name_vi') }}
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
