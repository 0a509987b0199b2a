-- Due reports. Expected are all senders that have ever reported, from their first period on, for every period that is
-- due by the newest day anything was received; senders that never reported are in mart_reporting_compliance.
with sent as (
  select
    submission.province_key,
    min(submission.province_name) as province_name,
    submission.period_code,
    min(submission.period_name_vi) as period_name_vi,
    submission.period_type,
    submission.period_starts_on,
    min(submission.cut_off_on) as cut_off_on,
    min(submission.received_at) as first_received_at,
    min_by(submission.artifact_sha256, submission.received_at) as artifact_sha256,
    min_by(submission.file_name, submission.received_at) as file_name
  from {{ ref('int_submission') }} as submission
  group by submission.province_key, submission.period_code, submission.period_type, submission.period_starts_on
),

newest as (
  select max(received_on) as known_on
  from {{ ref('stg_artifact') }}
),

senders as (
  select
    member.province_key,
    sent.period_type,
    min(sent.period_starts_on) as first_starts_on
  from sent
  inner join {{ ref('int_province_member') }} as member on sent.province_key = member.member_province_key
  group by member.province_key, sent.period_type
),

due as (
  select
    senders.province_key,
    province.province_name,
    period.period_code,
    period.period_type,
    period.name_vi as period_name_vi,
    period.cut_off_on,
    period.ends_on as period_ends_on
  from senders
  inner join {{ ref('int_province') }} as province on senders.province_key = province.province_key
  inner join {{ ref('int_period') }} as period
    on
      senders.period_type = period.period_type
      and senders.first_starts_on <= period.starts_on
      and {{ is_valid_on('province', 'period.ends_on') }}
  cross join newest
  where
    period.cut_off_on <= newest.known_on
    -- A period without any report yet is not overdue: its collection has not begun.
    and period.period_code in (select s.period_code from sent as s)
),

held_form as (
  select distinct
    province_key,
    period_code,
    form
  from {{ ref('int_submission_form') }}
),

form_due as (
  select
    due.province_key,
    due.period_code,
    count(*) as form_count,
    count(held_form.form) as sent_form_count,
    string_agg(required.form, ', ' order by required.form) filter (where held_form.form is null) as missing_forms
  from due
  inner join {{ ref('required_forms') }} as required
    on
      due.period_type = required.report_type
      and {{ is_valid_on('required', 'due.period_ends_on') }}
  left join held_form
    on
      due.province_key = held_form.province_key
      and due.period_code = held_form.period_code
      and required.form = held_form.form
  group by due.province_key, due.period_code
),

-- A file is sent for two periods if two or more of its sheets have movements and each of these equals an earlier sheet;
-- or if all its sheets equal those of the period before, and one of them has movements.
resent as (
  select
    later.artifact_sha256,
    later.province_key,
    later.province_name,
    later.period_code,
    later.period_name_vi,
    count(distinct later.form) as form_count,
    count(distinct later.form) filter (where earlier.period_code = later.previous_period_code)
      as following_form_count,
    count(distinct later.form) filter (where later.has_moved) as moved_form_count,
    count(distinct later.form) filter (where later.has_moved and earlier.artifact_sha256 is not null)
      as repeated_form_count,
    max(earlier.period_name_vi) filter (where later.has_moved) as earlier_period_name_vi,
    {{ json_list_agg(
      json_of({'artifact': 'later.artifact_sha256', 'file': 'later.file_name', 'sheet': 'later.sheet',
               'row': 'later.first_row_number'}),
      'later.form, later.sheet',
      'earlier.artifact_sha256 is not null and (later.has_moved or earlier.period_code = later.previous_period_code)'
    ) }} as evidence,
    {{ json_list_agg(
      json_of({'artifact': 'earlier.artifact_sha256', 'file': 'earlier.file_name', 'sheet': 'earlier.sheet',
               'row': 'earlier.first_row_number'}),
      'later.form, later.sheet',
      'earlier.artifact_sha256 is not null and (later.has_moved or earlier.period_code = later.previous_period_code)'
    ) }} as earlier_evidence
  from {{ ref('int_sheet_stated') }} as later
  left join {{ ref('int_sheet_stated') }} as earlier
    on
      later.province_key = earlier.province_key
      and later.form = earlier.form
      and later.content_sha256 = earlier.content_sha256
      and later.period_type = earlier.period_type
      and later.period_starts_on > earlier.period_starts_on
  group by
    later.artifact_sha256, later.province_key, later.province_name, later.period_code, later.period_name_vi
),

sides as (
  {% set calendar = {'source': "'Lịch báo cáo'", 'column': "'due_on'"} %}
  {% set sent_file = {'artifact': 'sent.artifact_sha256', 'file': 'sent.file_name'} %}

  {% call compare_reported(
    'compliance.arrived', 'due', 'Báo cáo đã đến hạn thì đã được gửi', ['province_name'], measure='submission_count',
    expected='1', expected_evidence=json_list([json_of(dict(calendar, value='due.cut_off_on'))]),
    actual='case when sent.province_key is null then 0 else 1 end',
    actual_evidence=evidence_where('sent.province_key is not null', [json_of(sent_file)]),
    artifact='sent.artifact_sha256',
  ) %}
  from due
  left join sent
    on
      due.province_key = sent.province_key
      and due.period_code = sent.period_code
  {% endcall %}

  union all

  {{ compare_reported(
    'compliance.on_time', 'sent', 'Số ngày gửi sau hạn', ['province_name'], measure='days_late_count',
    expected='0', expected_evidence=json_list([json_of(dict(calendar, value='sent.cut_off_on'))]),
    actual='greatest(' ~ vietnam_day('sent.first_received_at') ~ ' - sent.cut_off_on, 0)',
    actual_evidence=json_list([json_of(dict(sent_file, column="'received_at'", value='sent.first_received_at'))]),
    reason="case when sent.cut_off_on is null then 'Lịch báo cáo chưa có hạn cho kỳ này.' end",
  ) }}

  union all

  {% call compare_reported(
    'compliance.forms', 'due', 'Báo cáo có đủ các biểu bắt buộc', ['province_name'], measure='form_count',
    expected='form_due.form_count',
    expected_evidence=json_list([json_of({
      'source': "'Danh mục biểu bắt buộc'", 'column': "'form'", 'value': 'form_due.form_count',
    })]),
    actual='form_due.sent_form_count', actual_evidence=json_list([json_of(sent_file)]),
    artifact='sent.artifact_sha256', detail={'missing': 'form_due.missing_forms'},
  ) %}
  from form_due
  inner join sent
    on
      form_due.province_key = sent.province_key
      and form_due.period_code = sent.period_code
  inner join due
    on
      form_due.province_key = due.province_key
      and form_due.period_code = due.period_code
  {% endcall %}

  union all

  {{ compare_reported(
    'compliance.one_period', 'resent', 'Một tệp không được gửi cho hai kỳ', ['province_name'],
    key={'artifact': 'left(resent.artifact_sha256, 16)'}, measure='repeated_file_count',
    note="coalesce(' (giống ' || " ~ mid_sentence('resent.earlier_period_name_vi') ~ " || ')', '')",
    expected='0', expected_evidence='resent.earlier_evidence',
    actual='case
      when resent.moved_form_count >= 2 and resent.repeated_form_count = resent.moved_form_count then 1
      when resent.moved_form_count = 1 and resent.form_count >= 2 and resent.following_form_count = resent.form_count
        then 1
      else 0
    end',
    actual_evidence='resent.evidence',
    reason="case when resent.moved_form_count = 0 then 'Không có trang nào ghi biến động trong kỳ.' end",
  ) }}
)

{{ residuals_of('sides') }}
