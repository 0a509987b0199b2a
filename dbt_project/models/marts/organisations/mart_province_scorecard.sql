{{ config(tags=['audited']) }}

with scored as (
  select
    compliance.province_key,
    compliance.period_code,
    period.starts_on,
    period.ends_on
  from {{ ref('mart_reporting_compliance') }} as compliance
  inner join {{ ref('dim_period') }} as period on compliance.period_code = period.period_code
  where compliance.sender_level = 'province'
),

counted as (
  select
    province_key,
    period_code,
    sum(founded_count) as founded_count,
    sum(dissolved_count) as dissolved_count,
    sum(closing_count) as closing_count,
    sum(operating_count) as operating_count,
    sum(member_count) as member_count,
    sum(worker_count) as worker_count
  from {{ ref('fct_organisation_count') }}
  where
    is_current
    and org_type_code = 'HTX'
  group by province_key, period_code
),

checked as (
  select
    province_key,
    period_code,
    count(*) filter (where outcome = 'pass') as passed_check_count,
    count(*) filter (where outcome = 'fail') as failed_check_count,
    count(*) filter (where outcome = 'not_comparable') as not_comparable_check_count,
    count(*) filter (where outcome = 'fail' and severity = 'reject') as failed_reject_check_count
  from {{ ref('fct_reconciliation') }}
  where province_key is not null
  group by province_key, period_code
),

rejected as (
  select
    province_key,
    period_code,
    count(*) as rejected_cell_count
  from {{ ref('fct_rejected_cell') }}
  where province_key is not null
  group by province_key, period_code
),

planned as (
  select
    province_key,
    period_code,
    count(*) filter (where attainment_status <> 'not_comparable') as comparable_target_count,
    count(*) filter (where attainment_status = 'attained') as attained_target_count,
    -- The target of the province is preferred to the floor that applies to all.
    max_by(attainment_pct, case scope_code when 'one_province' then 2 else 1 end) filter (
      where indicator_code = 'founded' and org_type_code = 'HTX' and sector_code = 'total'
      and attainment_status <> 'not_comparable'
    ) as founded_attainment_pct
  from {{ ref('fct_plan_attainment') }}
  where province_key is not null
  group by province_key, period_code
),

funds as (
  select
    province_key,
    period_code,
    {{ percentage('sum(bad_debt_vnd)', 'sum(outstanding_vnd)') }} as bad_debt_ratio_pct,
    bool_or(is_below_minimum) as is_fund_below_minimum
  from {{ ref('mart_fund_portfolio') }}
  group by province_key, period_code
),

fairs as (
  select
    province_key,
    period_code,
    count(*) as fair_count,
    sum(contract_count) as fair_contract_count
  from {{ ref('fct_trade_fair') }}
  where is_current
  group by province_key, period_code
),

-- Events within the period, whichever report they are in.
trained as (
  select
    scored.province_key,
    scored.period_code,
    sum(course.participant_count) as trained_count
  from scored
  inner join {{ ref('fct_training_course') }} as course
    on
      scored.province_key = course.province_key
      and course.ended_on between scored.starts_on and scored.ends_on
  where course.is_current
  group by scored.province_key, scored.period_code
),

served as (
  select
    scored.province_key,
    scored.period_code,
    count(*) as public_service_count
  from scored
  inner join {{ ref('fct_public_service') }} as service
    on
      scored.province_key = service.province_key
      and service.delivered_on between scored.starts_on and scored.ends_on
  where service.is_current
  group by scored.province_key, scored.period_code
),

asked as (
  select
    scored.province_key,
    scored.period_code,
    count(*) filter (where need.answered_on is null or need.answered_on > scored.ends_on) as open_need_count
  from scored
  inner join {{ ref('fct_need') }} as need
    on
      scored.province_key = need.province_key
      and need.raised_on <= scored.ends_on
  where need.is_current
  group by scored.province_key, scored.period_code
),

complained as (
  select
    scored.province_key,
    scored.period_code,
    count(*) filter (
      where complaint.is_open or complaint.resolved_on > scored.ends_on
    ) as open_complaint_count
  from scored
  inner join {{ ref('fct_complaint') }} as complaint
    on
      scored.province_key = complaint.province_key
      and complaint.received_on <= scored.ends_on
  where complaint.is_current
  group by scored.province_key, scored.period_code
),

models as (
  select
    province_key,
    period_code,
    count(*) filter (where model_kind_code = 'hitech' and model_status_code <> 'ended') as hitech_model_count
  from {{ ref('fct_cooperative_model') }}
  where is_current
  group by province_key, period_code
),

cases as (
  select
    province_key,
    period_code,
    count(*) filter (where not is_closed) as open_dissolution_case_count
  from {{ ref('fct_dissolution_case') }}
  where is_current
  group by province_key, period_code
),

tasks as (
  select
    province_key,
    period_code,
    count(*) as task_count,
    count(*) filter (where task_status_code = 'done') as task_done_count
  from {{ ref('fct_task_progress') }}
  where is_current
  group by province_key, period_code
),

-- Lists at period end: the last one known by the end of the period, even if it is empty.
lists as (
  select
    recorded.form,
    recorded.province_key,
    recorded.period_code,
    period.ends_on,
    coalesce(models.hitech_model_count, 0) as hitech_model_count,
    coalesce(cases.open_dissolution_case_count, 0) as open_dissolution_case_count,
    coalesce(tasks.task_count, 0) as task_count,
    coalesce(tasks.task_done_count, 0) as task_done_count
  from {{ ref('fct_submission_form') }} as recorded
  inner join {{ ref('dim_period') }} as period on recorded.period_code = period.period_code
  left join models
    on
      recorded.form = 'BIEU_08'
      and recorded.province_key = models.province_key
      and recorded.period_code = models.period_code
  left join cases
    on
      recorded.form = 'BIEU_11'
      and recorded.province_key = cases.province_key
      and recorded.period_code = cases.period_code
  left join tasks
    on
      recorded.form = 'BIEU_09'
      and recorded.province_key = tasks.province_key
      and recorded.period_code = tasks.period_code
  where
    recorded.is_current
    and recorded.form in ('BIEU_08', 'BIEU_09', 'BIEU_11')
),

last_lists as (
  select
    scored.province_key,
    scored.period_code,
    lists.form,
    lists.hitech_model_count,
    lists.open_dissolution_case_count,
    lists.task_count,
    lists.task_done_count
  from scored
  inner join lists
    on
      scored.province_key = lists.province_key
      and lists.ends_on <= scored.ends_on
  qualify row_number() over (
    partition by scored.province_key, scored.period_code, lists.form
    order by lists.ends_on desc, lists.period_code desc
  ) = 1
),

listed as (
  select
    province_key,
    period_code,
    max(hitech_model_count) filter (where form = 'BIEU_08') as hitech_model_count,
    max(open_dissolution_case_count) filter (where form = 'BIEU_11') as open_dissolution_case_count,
    max(task_count) filter (where form = 'BIEU_09') as task_count,
    max(task_done_count) filter (where form = 'BIEU_09') as task_done_count
  from last_lists
  group by province_key, period_code
)

select
  md5(compliance.province_key || '|' || compliance.period_code) as scorecard_key,
  compliance.province_key,
  province.province_name,
  province.full_name as province_full_name,
  'as_reported' as basis,
  compliance.period_code,
  compliance.compliance_status,
  compliance.days_late_count,
  compliance.form_count,
  cast(counted.founded_count as bigint) as founded_count,
  cast(counted.dissolved_count as bigint) as dissolved_count,
  cast(counted.closing_count as bigint) as closing_count,
  cast(counted.operating_count as bigint) as operating_count,
  cast(counted.member_count as bigint) as member_count,
  cast(counted.worker_count as bigint) as worker_count,
  {{ percentage('counted.operating_count', 'counted.closing_count') }} as operating_share_pct,
  coalesce(checked.passed_check_count, 0) as passed_check_count,
  coalesce(checked.failed_check_count, 0) as failed_check_count,
  coalesce(checked.failed_reject_check_count, 0) as failed_reject_check_count,
  coalesce(checked.not_comparable_check_count, 0) as not_comparable_check_count,
  {{ percentage('checked.passed_check_count', 'checked.passed_check_count + checked.failed_check_count') }}
    as passed_share_pct,
  coalesce(rejected.rejected_cell_count, 0) as rejected_cell_count,
  compliance.missing_form_count,
  planned.founded_attainment_pct,
  coalesce(planned.comparable_target_count, 0) as comparable_target_count,
  coalesce(planned.attained_target_count, 0) as attained_target_count,
  listed.task_count,
  listed.task_done_count,
  {{ percentage('listed.task_done_count', 'listed.task_count') }} as task_done_share_pct,
  funds.bad_debt_ratio_pct,
  funds.is_fund_below_minimum,
  fairs.fair_count,
  cast(fairs.fair_contract_count as bigint) as fair_contract_count,
  cast(trained.trained_count as bigint) as trained_count,
  listed.hitech_model_count,
  listed.open_dissolution_case_count,
  served.public_service_count,
  asked.open_need_count,
  complained.open_complaint_count,
  case
    when alliance.has_approved_charter is not null
      then coalesce(alliance.charter_approved_on <= scored.ends_on, false)
  end as has_approved_charter
from {{ ref('mart_reporting_compliance') }} as compliance
inner join scored
  on
    compliance.province_key = scored.province_key
    and compliance.period_code = scored.period_code
inner join {{ ref('dim_province_version') }} as province
  on
    compliance.province_key = province.province_key
    and {{ is_valid_on('province', 'scored.ends_on') }}
inner join {{ ref('dim_provincial_alliance') }} as alliance on compliance.province_key = alliance.province_key
left join counted
  on
    compliance.province_key = counted.province_key
    and compliance.period_code = counted.period_code
left join checked
  on
    compliance.province_key = checked.province_key
    and compliance.period_code = checked.period_code
left join rejected
  on
    compliance.province_key = rejected.province_key
    and compliance.period_code = rejected.period_code
left join planned
  on
    compliance.province_key = planned.province_key
    and compliance.period_code = planned.period_code
left join funds
  on
    compliance.province_key = funds.province_key
    and compliance.period_code = funds.period_code
left join fairs
  on
    compliance.province_key = fairs.province_key
    and compliance.period_code = fairs.period_code
left join trained
  on
    compliance.province_key = trained.province_key
    and compliance.period_code = trained.period_code
left join served
  on
    compliance.province_key = served.province_key
    and compliance.period_code = served.period_code
left join asked
  on
    compliance.province_key = asked.province_key
    and compliance.period_code = asked.period_code
left join complained
  on
    compliance.province_key = complained.province_key
    and compliance.period_code = complained.period_code
left join listed
  on
    compliance.province_key = listed.province_key
    and compliance.period_code = listed.period_code
where compliance.sender_level = 'province'
