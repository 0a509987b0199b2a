{{ config(tags=['audited']) }}

with counted as (
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
  cast(100.0 * counted.operating_count / nullif(counted.closing_count, 0) as decimal(12, 6)) as operating_share_pct,
  coalesce(checked.passed_check_count, 0) as passed_check_count,
  coalesce(checked.failed_check_count, 0) as failed_check_count,
  coalesce(checked.failed_reject_check_count, 0) as failed_reject_check_count,
  coalesce(checked.not_comparable_check_count, 0) as not_comparable_check_count,
  cast(
    100.0 * checked.passed_check_count / nullif(checked.passed_check_count + checked.failed_check_count, 0)
    as decimal(12, 6)
  ) as passed_share_pct,
  coalesce(rejected.rejected_cell_count, 0) as rejected_cell_count
from {{ ref('mart_reporting_compliance') }} as compliance
inner join {{ ref('dim_period') }} as period on compliance.period_code = period.period_code
inner join {{ ref('dim_province_version') }} as province
  on
    compliance.province_key = province.province_key
    and {{ is_valid_on('province', 'period.ends_on') }}
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
