-- Expected: every province of the map, for every period with any readable report, where the calendar requires it.
-- Reports of organisations to their alliance are counts that the alliance states (BIEU_15A): due, received, in time.
with expected as (
  select
    due.sender_level,
    due.receiver_name_vi,
    province.province_key,
    province.province_name,
    due.period_code,
    due.period_type,
    due.starts_on,
    due.ends_on,
    due.due_on
  from {{ ref('fct_report_due') }} as due
  inner join {{ ref('dim_province_version') }} as province
    on
      {{ is_valid_on('province', 'due.ends_on') }}
  where
    due.sender_level in ('province', 'organisation')
    and due.period_code in (
      select read.period_code from {{ ref('fct_submission') }} as read where read.reading_outcome <> 'rejected'
    )
),

sent as (
  select
    province_key,
    period_code,
    count(*) as submission_count,
    count(*) filter (where outcome in ('current', 'superseded')) as accepted_submission_count,
    count(*) filter (where outcome = 'held') as held_submission_count,
    max(revision) as last_revision,
    min(received_at) as first_received_at,
    min(received_at) filter (where outcome in ('current', 'superseded')) as first_accepted_at,
    min(days_late_count) as days_late_count
  from {{ ref('fct_submission') }}
  where province_key is not null
  group by province_key, period_code
),

current_forms as (
  select
    province_key,
    period_code,
    form
  from {{ ref('fct_submission_form') }}
  where is_current
),

forms as (
  select
    province_key,
    period_code,
    count(*) as form_count,
    string_agg(form, ', ' order by form) as form_codes
  from current_forms
  group by province_key, period_code
),

-- Forms whose version is valid over the whole period and required in its kind of report.
missing_forms as (
  select
    expected.province_key,
    expected.period_code,
    count(*) as expected_form_count,
    count(*) filter (where current_forms.form is null) as missing_form_count,
    string_agg(asked.form, ', ' order by asked.form) filter (where current_forms.form is null) as missing_form_codes
  from expected
  inner join {{ ref('dim_form') }} as asked
    on
      case expected.period_type
        when 'month' then asked.is_expected_monthly
        when 'quarter' then asked.is_expected_quarterly
        when 'half_year' then asked.is_expected_half_yearly
        when 'year' then asked.is_expected_yearly
      end
      and asked.valid_from <= expected.starts_on
      and coalesce(asked.valid_to, date '9999-12-31') >= expected.ends_on
  left join current_forms
    on
      expected.province_key = current_forms.province_key
      and expected.period_code = current_forms.period_code
      and asked.form = current_forms.form
  where
    expected.sender_level = 'province'
    and asked.form <> 'THONG_TIN'
  group by expected.province_key, expected.period_code
),

held_rows as (
  select
    province_key,
    period_code,
    count(distinct row_id) as held_row_count
  from {{ ref('fct_held_row') }}
  where is_current
  group by province_key, period_code
),

organisations as (
  select
    province_key,
    period_code,
    sum(organisation_due_count) as due_count,
    sum(organisation_reported_count) as reported_count,
    sum(organisation_in_time_count) as in_time_count
  from {{ ref('fct_provincial_alliance') }}
  where
    is_current
    and organisation_due_count is not null
  group by province_key, period_code
)

select
  md5(expected.sender_level || '|' || expected.province_key || '|' || expected.period_code) as compliance_key,
  expected.sender_level,
  expected.receiver_name_vi,
  expected.province_key,
  expected.province_name,
  expected.period_code,
  expected.period_type,
  expected.due_on,
  case
    when expected.sender_level = 'organisation' then
      case
        when organisations.due_count is null then 'unknown'
        when organisations.reported_count = 0 and organisations.due_count > 0 then 'missing'
        when organisations.reported_count < organisations.due_count then 'incomplete'
        when organisations.in_time_count < organisations.reported_count then 'late'
        else 'on_time'
      end
    when sent.province_key is null then 'missing'
    when sent.accepted_submission_count = 0 and sent.held_submission_count > 0 then 'held'
    when sent.accepted_submission_count = 0 then 'rejected'
    when sent.days_late_count > 0 then 'late'
    else 'on_time'
  end as compliance_status,
  cast(case expected.sender_level when 'province' then 1 else organisations.due_count end as bigint)
    as expected_sender_count,
  cast(
    case expected.sender_level
      when 'province' then case when sent.accepted_submission_count > 0 then 1 else 0 end
      else organisations.reported_count
    end as bigint
  ) as received_sender_count,
  cast(
    case expected.sender_level
      when 'province' then case when sent.accepted_submission_count > 0 and sent.days_late_count = 0 then 1 else 0 end
      else organisations.in_time_count
    end as bigint
  ) as in_time_sender_count,
  coalesce(sent.submission_count, 0) as submission_count,
  coalesce(sent.accepted_submission_count, 0) as accepted_submission_count,
  coalesce(sent.held_submission_count, 0) as held_submission_count,
  coalesce(held_rows.held_row_count, 0) as held_row_count,
  sent.last_revision,
  sent.first_received_at,
  sent.first_accepted_at,
  sent.days_late_count,
  coalesce(forms.form_count, 0) as form_count,
  forms.form_codes,
  missing_forms.expected_form_count,
  missing_forms.missing_form_count,
  missing_forms.missing_form_codes
from expected
left join sent
  on
    expected.sender_level = 'province'
    and expected.province_key = sent.province_key
    and expected.period_code = sent.period_code
left join forms
  on
    expected.sender_level = 'province'
    and expected.province_key = forms.province_key
    and expected.period_code = forms.period_code
left join held_rows
  on
    expected.sender_level = 'province'
    and expected.province_key = held_rows.province_key
    and expected.period_code = held_rows.period_code
left join missing_forms
  on
    expected.sender_level = 'province'
    and expected.province_key = missing_forms.province_key
    and expected.period_code = missing_forms.period_code
left join organisations
  on
    expected.sender_level = 'organisation'
    and expected.province_key = organisations.province_key
    and expected.period_code = organisations.period_code
