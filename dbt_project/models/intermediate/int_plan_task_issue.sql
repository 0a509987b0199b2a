-- Issues of tasks. Nothing is corrected: a blank stays blank, a moved cell is read where it is.
{% set issues = [
  ('blank_content', 'content is null', 'null'),
  ('blank_lead', 'lead_text is null', 'null'),
  ('blank_co_units', 'co_units_text is null', 'null'),
  ('blank_window', 'window_text is null', 'null'),
  ('lead_repeated', 'lead_once_text <> lead_text', 'lead_text'),
  ('columns_shifted', 'shifted_by_count > 0', 'shifted_by_count'),
  ('window_stated_twice', 'recurrence_code is not null and window_end_year is not null', 'window_text'),
  ('window_not_a_time', 'window_text is not null and recurrence_code is null and window_end_year is null',
   'window_text'),
  ('window_before_plan', 'window_start_year < year(plan_on)', 'window_text'),
  ('number_repeated', 'task_number = previous_number', 'null'),
  ('section_is_task', 'is_section', 'null'),
  ('near_duplicate', "similar_to <> '[]'", 'similar_to'),
] %}
with task as (
  select
    *,
    lag(task_number ignore nulls) over (partition by artifact_sha256, section order by position_number)
      as previous_number
  from {{ ref('int_plan_task') }}
),

issue as (
  {% for code, condition, detail in issues %}
  select
    task_id,
    artifact_sha256,
    label,
    position_number,
    '{{ code }}' as issue_code,
    cast({{ detail }} as varchar) as detail
  from task
  where {{ condition }}

  union all

  {% endfor %}
  select
    task.task_id,
    task.artifact_sha256,
    task.label,
    task.position_number,
    'lead_not_a_unit' as issue_code,
    unit.unit_text as detail
  from task
  inner join {{ ref('int_plan_task_unit') }} as unit on task.task_id = unit.task_id
  where
    unit.role = 'lead'
    and unit.unit_code is null

  union all

  -- Numbers that the section skips: reported once, on the task that follows them.
  select
    cast(null as varchar) as task_id,
    artifact_sha256,
    concat_ws('.', section, coalesce(previous_number, 0) + 1) as label,
    position_number,
    'number_missing' as issue_code,
    case
      when task_number - coalesce(previous_number, 0) > 2
        then
          concat_ws('.', section, coalesce(previous_number, 0) + 1) || ' – '
          || concat_ws('.', section, task_number - 1)
    end as detail
  from task
  where task_number > coalesce(previous_number, 0) + 1

  union all

  -- The title of a section is printed once: its issues are reported on its first task. Whole words only: "Trung tâm"
  -- contains "rung tâm" and is correct.
  select
    task.task_id,
    task.artifact_sha256,
    task.label,
    task.position_number,
    'misprint' as issue_code,
    misprint.written || ' → ' || misprint.meant as detail
  from task
  inner join {{ ref('text_misprints') }} as misprint
    on
      contains(
        ' ' || regexp_replace(
          concat_ws(
            ' ',
            task.content,
            task.lead_text,
            task.co_units_text,
            case when task.task_number = 1 then task.section_title end
          ),
          '[^\p{L}\d&]+', ' ', 'g'
        ) || ' ',
        ' ' || misprint.written || ' '
      )
)

select
  md5(concat_ws('|', artifact_sha256, label, issue_code, detail, position_number)) as issue_id,
  task_id,
  artifact_sha256,
  label,
  position_number,
  issue_code,
  detail
from issue
