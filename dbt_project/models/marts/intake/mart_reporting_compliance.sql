-- Expected: every province of the map, for every period that any readable report speaks of.
with expected as (
  select
    province.province_key,
    province.province_name,
    period.period_code,
    period.cut_off_on
  from {{ ref('int_period') }} as period
  inner join {{ ref('int_province_version') }} as province
    on
      {{ is_valid_on('province', 'period.ends_on') }}
  where period.period_code in (select s.period_code from {{ ref('int_submission') }} as s)
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

forms as (
  select
    province_key,
    period_code,
    count(*) as form_count,
    string_agg(form, ', ' order by form) as form_codes
  from {{ ref('int_submission_form_recorded') }}
  where is_current
  group by province_key, period_code
)

select
  md5(expected.province_key || '|' || expected.period_code) as compliance_key,
  expected.province_key,
  expected.province_name,
  expected.period_code,
  expected.cut_off_on as due_on,
  case
    when sent.province_key is null then 'missing'
    when sent.accepted_submission_count = 0 and sent.held_submission_count > 0 then 'held'
    when sent.accepted_submission_count = 0 then 'rejected'
    when sent.days_late_count > 0 then 'late'
    else 'on_time'
  end as compliance_status,
  coalesce(sent.submission_count, 0) as submission_count,
  coalesce(sent.accepted_submission_count, 0) as accepted_submission_count,
  coalesce(sent.held_submission_count, 0) as held_submission_count,
  sent.last_revision,
  sent.first_received_at,
  sent.first_accepted_at,
  sent.days_late_count,
  coalesce(forms.form_count, 0) as form_count,
  forms.form_codes
from expected
left join sent
  on
    expected.province_key = sent.province_key
    and expected.period_code = sent.period_code
left join forms
  on
    expected.province_key = forms.province_key
    and expected.period_code = forms.period_code
