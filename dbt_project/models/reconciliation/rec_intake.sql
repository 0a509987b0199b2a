-- Rows read compared with rows stored, rejected and duplicate. Loaded rows are counted in the raw zone, not taken from
-- the reader's counts. And rows of each form in force that are held.
{% set stored = form_relations() + [
  'stg_news_claim', 'stg_news_table_row', 'stg_news_task', 'stg_news_document', 'stg_news_list',
] %}
with stored_rows as (
  {% for relation in stored %}
  select
    artifact_sha256,
    {{ 'form, sheet' if relation in form_relations() else 'null as form, null as sheet' }},
    count(*) as stored_count
  from {{ ref(relation) }}
  group by all
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

unaccounted as (
  select
    sheet.artifact_sha256,
    string_agg(sheet.form || ' (' || sheet.sheet || ')', ', ' order by sheet.form, sheet.sheet) as sheets
  from {{ ref('stg_sheet') }} as sheet
  left join stored_rows
    on
      sheet.artifact_sha256 = stored_rows.artifact_sha256
      and sheet.form = stored_rows.form
      and sheet.sheet = stored_rows.sheet
  where
    sheet.rows_read_count
    <> coalesce(stored_rows.stored_count, 0) + sheet.rows_rejected_count + sheet.rows_duplicate_count
  group by sheet.artifact_sha256
),

stored as (
  select
    artifact_sha256,
    sum(stored_count) as stored_count
  from stored_rows
  group by artifact_sha256
),

accounted as (
  select
    artifact.*,
    submission.province_key,
    submission.period_code as readable_period_code,
    coalesce(', ' || unaccounted.sheets, '') as in_sheets,
    coalesce(stored.stored_count, 0) as stored_count,
    coalesce(stored.stored_count, 0) + artifact.rows_rejected_count + artifact.rows_duplicate_count as accounted_count
  from {{ ref('stg_artifact') }} as artifact
  left join stored on artifact.artifact_sha256 = stored.artifact_sha256
  left join unaccounted on artifact.artifact_sha256 = unaccounted.artifact_sha256
  left join {{ ref('int_submission') }} as submission on artifact.artifact_sha256 = submission.artifact_sha256
),

statement as (
  select
    recorded.artifact_sha256,
    recorded.form,
    recorded.province_key,
    recorded.period_code,
    submission.province_name,
    submission.period_name_vi
  from {{ ref('int_submission_form_recorded') }} as recorded
  inner join {{ ref('int_submission') }} as submission on recorded.artifact_sha256 = submission.artifact_sha256
  where recorded.is_current
),

held as (
  select
    finding.artifact_sha256,
    finding.form,
    count(distinct finding.row_id) as row_count,
    {{ json_list_agg(
      evidence_named_cell('finding', 'finding.column_name', 'finding.found_text'),
      'finding.row_number, finding.row_id, finding.check_id'
    ) }} as evidence
  from {{ ref('int_row_finding') }} as finding
  where finding.severity = 'hold'
  group by finding.artifact_sha256, finding.form
),

sides as (
  {% set file = {'artifact': 'accounted.artifact_sha256', 'file': 'accounted.file_name'} %}

  {% call compare(
    'intake.rows_accounted', grain={'artifact': 'accounted.artifact_sha256'},
    province='accounted.province_key', period='accounted.readable_period_code',
    subject="'Số dòng đọc = đã nạp + bị loại + trùng: ' || accounted.file_name || accounted.in_sheets",
    expected='accounted.rows_read_count',
    expected_evidence=json_list([json_of(dict(file, column="'rows_read'", value='accounted.rows_read_count'))]),
    actual='accounted.accounted_count',
    actual_evidence=json_list([json_of(dict(
      file, column="'rows stored + rows_rejected + rows_duplicate'", value='accounted.accounted_count'
    ))]),
    artifact='accounted.artifact_sha256',
    detail={
      'kind': 'accounted.kind', 'rows_loaded': 'accounted.rows_loaded_count', 'rows_stored': 'accounted.stored_count',
      'rows_rejected': 'accounted.rows_rejected_count', 'rows_duplicate': 'accounted.rows_duplicate_count',
    },
  ) %}
  from accounted
  {% endcall %}

  union all

  {% call compare_reported(
    'intake.rows_held', 'statement', "'Dòng bị giữ lại của ' || statement.form", ['province_name'],
    key={'form': 'form'}, measure='held_row_count',
    expected='0', actual='coalesce(held.row_count, 0)', actual_evidence='held.evidence',
  ) %}
  from statement
  left join held
    on
      statement.artifact_sha256 = held.artifact_sha256
      and statement.form = held.form
  {% endcall %}
)

{{ residuals_of('sides') }}
