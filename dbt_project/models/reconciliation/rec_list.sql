-- Conditions on one row of the lists of longer periods: a part is no larger than its whole, a later day is not
-- before an earlier one, a state and the day that belongs to it agree. A new check is a new line.
{% set parts = [
  ('06', 'course_code', 'Lớp', 'female_count', 'participant_count', 'nữ', 'học viên'),
  ('06', 'course_code', 'Lớp', 'ethnic_minority_count', 'participant_count', 'người dân tộc thiểu số', 'học viên'),
  ('07b', 'event_code', 'Đoàn, sự kiện', 'female_count', 'person_count', 'nữ', 'người tham gia'),
  ('15a', 'alliance_name', 'Liên minh', 'female_staff_count', 'staff_count + coalesce(%s.contract_staff_count, 0)',
   'nữ', 'biên chế và hợp đồng'),
  ('15a', 'alliance_name', 'Liên minh', 'organisation_reported_count', 'organisation_due_count',
   'tổ chức đã báo cáo', 'tổ chức phải báo cáo'),
  ('15a', 'alliance_name', 'Liên minh', 'organisation_in_time_count', 'organisation_reported_count',
   'tổ chức báo cáo đúng hạn', 'tổ chức đã báo cáo'),
] %}
{% set orders = [
  ('06', 'course_code', 'Lớp', 'started_on', 'ended_on', 'khai giảng', 'bế giảng'),
  ('07b', 'event_code', 'Đoàn, sự kiện', 'started_on', 'ended_on', 'bắt đầu', 'kết thúc'),
  ('07c', 'visit_code', 'Lượt chuyên gia', 'started_on', 'ended_on', 'bắt đầu', 'kết thúc'),
  ('12', 'need_code', 'Kiến nghị', 'raised_on', 'answered_on', 'nêu kiến nghị', 'trả lời'),
  ('14a', 'inspection_code', 'Cuộc kiểm tra', 'started_on', 'ended_on', 'bắt đầu', 'kết thúc'),
  ('14b', 'case_code', 'Vụ việc', 'received_on', 'resolved_on', 'nhận đơn', 'giải quyết'),
  ('15b', 'org_code', 'Thành viên liên minh', 'joined_on', 'left_on', 'vào', 'ra'),
] %}
{% set states = [
  ('09', "plan_symbol || ' ' || %s.task_code", 'Nhiệm vụ', 'task_status_code', 'done_on', ['done']),
  ('12', 'need_code', 'Kiến nghị', 'need_status_code', 'answered_on', ['answered', 'resolved', 'refused']),
  ('14b', 'case_code', 'Vụ việc', 'case_status_code', 'resolved_on', ['resolved']),
] %}
{% set forms = [] %}
{% for check in parts + orders + states if check[0] not in forms %}{% do forms.append(check[0]) %}{% endfor %}
with
{% for form in forms %}
form_{{ form }} as (
  {{ current_rows(ref('stg_bieu_' ~ form)) }}
),

{% endfor %}
sides as (
  {% for form, key, what, part, whole, part_vi, whole_vi in parts %}
  {% set listed = 'form_' ~ form %}
  {% set total = listed ~ '.' ~ (whole | replace('%s', listed)) %}
  {% set title %}
    '{{ what }} ' || {{ listed }}.{{ key }} || ' (Biểu {{ form | upper }}), số {{ part_vi }} trong số {{ whole_vi }}'
  {%- endset %}
  {% set reason %}
    case
      when {{ listed }}.{{ part }} is null then 'Không ghi số {{ part_vi }}.'
      when {{ total }} is null then 'Không ghi số {{ whole_vi }}.'
    end
  {%- endset %}
  {{ compare_reported(
    'list.part', listed, title, ['province_name'], key={'row': 'row_id'}, measure=part,
    expected=total, expected_evidence=json_list([evidence_cell(listed, whole.split(' ')[0])]),
    actual=[part], reason=reason,
  ) }}

  union all
  {% endfor %}
  {% for form, key, what, first, second, first_vi, second_vi in orders %}
  {% set listed = 'form_' ~ form %}
  {% set title %}
    '{{ what }} ' || {{ listed }}.{{ key }}
    || ' (Biểu {{ form | upper }}), từ ngày {{ first_vi }} đến ngày {{ second_vi }}'
  {%- endset %}
  {% set reason %}
    case
      when {{ listed }}.{{ first }} is null then 'Không ghi ngày {{ first_vi }}.'
      when {{ listed }}.{{ second }} is null then 'Không ghi ngày {{ second_vi }}.'
    end
  {%- endset %}

  -- Days from the first date to the second: at least 0.
  {{ compare_reported(
    'list.order', listed, title, ['province_name'], key={'row': 'row_id'}, measure=second,
    expected='0', expected_evidence=json_list([evidence_cell(listed, first)]),
    actual=[second, '-' ~ first], actual_evidence=json_list([evidence_cell(listed, second)]), reason=reason,
  ) }}

  union all
  {% endfor %}
  {% for form, key, what, state, day, closed in states %}
  {% set listed = 'form_' ~ form %}
  {% set title %}
    '{{ what }} ' || {{ listed }}.{{ key | replace('%s', listed) }} || ' (Biểu {{ form | upper }})'
  {%- endset %}
  {% set is_closed %}coalesce({{ listed }}.{{ state }} in ('{{ closed | join("', '") }}'), false){% endset %}

  {{ compare_reported(
    'list.state', listed, title, ['province_name'], key={'row': 'row_id'}, measure=state,
    expected='1',
    expected_evidence=json_list([evidence_cell(listed, state | replace('_code', ''), listed ~ '.' ~ state)]),
    actual='case when ' ~ is_closed ~ ' = (' ~ listed ~ '.' ~ day ~ ' is not null) then 1 else 0 end',
    actual_evidence=json_list([evidence_cell(listed, day)]),
  ) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

{{ residuals_of('sides') }}
