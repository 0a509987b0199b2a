{#
  Rows of a form with the columns of their submission. `staged` is the staging relation.

  readable   every readable submission, held and superseded ones too: the input of reject rules
  recorded   accepted ones (not held), each with its recorded range; `lists` is int_member_list where `staged` is the
             lists of members
  current    accepted ones that no later one supersedes

  All three have the rows as they were sent. What enters a fact or a total leaves out rows that a check of severity
  `hold` found: int_<form>_recorded does, and `where is_not_held(…)` elsewhere.
#}
{% macro submission_columns() -%}
submission.file_name,
    submission.province_key,
    submission.province_name,
    submission.period_code,
    submission.period_name_vi,
    submission.period_starts_on,
    submission.period_ends_on,
    submission.revision,
    submission.received_at
{%- endmacro %}

{% macro readable_rows(staged) %}
  select
    staged.*,
    {{ submission_columns() }}
  from {{ staged }} as staged
  inner join {{ ref('int_submission') }} as submission on staged.artifact_sha256 = submission.artifact_sha256
{% endmacro %}

{% macro recorded_rows(staged, lists=none) %}
  {%- if lists %}
  select
    staged.*,
    recorded.* exclude (artifact_sha256, form)
  from {{ staged }} as staged
  inner join {{ lists }} as recorded on staged.artifact_sha256 = recorded.artifact_sha256
  {%- else %}
  select
    staged.*,
    {{ submission_columns() }},
    recorded.recorded_from,
    recorded.recorded_to,
    recorded.is_current
  from {{ staged }} as staged
  inner join {{ ref('int_submission') }} as submission on staged.artifact_sha256 = submission.artifact_sha256
  inner join {{ ref('int_submission_form_recorded') }} as recorded
    on
      staged.artifact_sha256 = recorded.artifact_sha256
      and staged.form = recorded.form
  {%- endif %}
{% endmacro %}

{% macro current_rows(staged) %}
  {{ recorded_rows(staged) }}
  where recorded.is_current
{% endmacro %}


{#- Does no check of severity `hold` find the row? `findings` is int_<form>_finding, `row` has row_id. -#}
{% macro is_not_held(findings, row='staged') -%}
  not exists (
    select 1
    from {{ findings }} as finding
    where
      finding.row_id = {{ row }}.row_id
      and finding.severity = 'hold'
  )
{%- endmacro %}
