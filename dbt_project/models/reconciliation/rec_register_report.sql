{{ config(**incremental_by_statement(['stg_bieu_01', 'stg_bieu_02'])) }}
-- The register (BIEU_02) compared with the counts (BIEU_01), by type and leaf, for every province that sent either.
with counted as (
  {{ current_rows(ref('stg_bieu_01')) }} and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
),

registered as (
  {{ current_rows(ref('stg_bieu_02')) }} and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
),

senders as (
  select
    recorded.province_key,
    recorded.period_code,
    min(recorded.artifact_sha256) filter (where recorded.form = 'BIEU_02') as register_artifact_sha256,
    min(recorded.artifact_sha256) filter (where recorded.form = 'BIEU_01') as report_artifact_sha256
  from {{ ref('int_submission_form_recorded') }} as recorded
  where
    recorded.is_current
    and recorded.form in ('BIEU_01', 'BIEU_02')
    and {{ is_affected(['recorded.province_key', 'recorded.period_code']) }}
  group by recorded.province_key, recorded.period_code
),

measures (rule_id, measure, measure_vi, report_column, register_column) as (
  values
  ('register_report.founded', 'founded_count', 'thành lập mới', 'founded_count', 'event_kind'),
  ('register_report.dissolved', 'dissolved_count', 'giải thể', 'dissolved_count', 'event_kind'),
  ('register_report.stock', 'closing_count', 'cuối kỳ', 'closing_count', 'status')
),

-- One row per organisation and measure it counts towards.
register_long as (
  select
    registered.*,
    measures.rule_id,
    measures.register_column,
    case when measures.measure = 'closing_count' then registered.status_code else registered.event_kind_code end
      as register_value
  from registered
  inner join {{ ref('statuses') }} as organisation_status on registered.status_code = organisation_status.code
  inner join measures
    on
      (measures.measure = 'founded_count' and registered.event_kind_code = 'founded')
      or (measures.measure = 'dissolved_count' and registered.event_kind_code = 'dissolved')
      or (measures.measure = 'closing_count' and organisation_status.is_in_stock)
),

register_sums as (
  select
    province_key,
    period_code,
    org_type_code,
    sector_code,
    rule_id,
    count(distinct org_code) as registered_count,
    {{ json_list_agg(
      'json_merge_patch(' ~ evidence_named_cell('register_long', 'register_column', 'register_value') ~ ', '
      ~ json_of({'org_code': 'org_code'}) ~ ')',
      'row_number, row_id'
    ) }} as evidence
  from register_long
  group by province_key, period_code, org_type_code, sector_code, rule_id
),

report_sums as (
  select
    counted.province_key,
    counted.period_code,
    counted.org_type_code,
    counted.sector_code,
    measures.rule_id,
    sum(
      case measures.measure
        when 'founded_count' then counted.founded_count
        when 'dissolved_count' then counted.dissolved_count
        else counted.closing_count
      end
    ) as reported_count,
    {{ json_list_agg(
      evidence_named_cell(
        'counted', 'measures.report_column',
        "case measures.measure when 'founded_count' then counted.founded_count when 'dissolved_count' "
        ~ "then counted.dissolved_count else counted.closing_count end"
      ), 'counted.sheet, counted.row_number'
    ) }} as evidence
  from counted
  cross join measures
  group by counted.province_key, counted.period_code, counted.org_type_code, counted.sector_code, measures.rule_id
),

compared as (
  select
    senders.*,
    province.province_name,
    period.name_vi as period_name_vi,
    organisation_type.code as org_type_code,
    organisation_type.name_vi as org_type_name_vi,
    sector.code as sector_code,
    sector.name_vi as sector_name_vi,
    measures.rule_id,
    measures.measure,
    measures.measure_vi
  from senders
  inner join {{ ref('int_province') }} as province on senders.province_key = province.province_key
  inner join {{ ref('int_period') }} as period on senders.period_code = period.period_code
  -- Cooperative groups are not registered organisations; BIEU_02 lists none.
  inner join {{ ref('organisation_types') }} as organisation_type on organisation_type.is_legal_person
  inner join {{ ref('sectors') }} as sector on sector.level = 'leaf'
  cross join measures
),

sides as (
  {% call compare_reported(
    rule_id='compared.rule_id', row='compared',
    title="'Danh sách (Biểu 02) = số báo cáo (Biểu 01), ' || compared.measure_vi",
    about=['org_type_name_vi', 'sector_name_vi', 'province_name'],
    key={'org_type': 'org_type_code', 'sector': 'sector_code', 'measure': 'measure'},
    expected='report_sums.reported_count', expected_evidence='report_sums.evidence',
    actual='case
      when compared.register_artifact_sha256 is not null then coalesce(register_sums.registered_count, 0)
    end',
    actual_evidence='register_sums.evidence',
    reason="case
      when compared.report_artifact_sha256 is null then 'Tỉnh chưa có Biểu 01 được chấp nhận của kỳ này.'
      when compared.register_artifact_sha256 is null then 'Tỉnh chưa có Biểu 02 được chấp nhận của kỳ này.'
      when report_sums.reported_count is null then 'Biểu 01 không có dòng của lĩnh vực này.'
    end",
    artifact='coalesce(compared.register_artifact_sha256, compared.report_artifact_sha256)',
  ) %}
  from compared
  left join report_sums
    on
      compared.province_key = report_sums.province_key
      and compared.period_code = report_sums.period_code
      and compared.org_type_code = report_sums.org_type_code
      and compared.sector_code = report_sums.sector_code
      and compared.rule_id = report_sums.rule_id
  left join register_sums
    on
      compared.province_key = register_sums.province_key
      and compared.period_code = register_sums.period_code
      and compared.org_type_code = register_sums.org_type_code
      and compared.sector_code = register_sums.sector_code
      and compared.rule_id = register_sums.rule_id
  {% endcall %}
)

{{ residuals_of('sides') }}
