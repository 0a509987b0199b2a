-- Changes of organisations between registers: per province and month, the rows that break each rule and their number.
{% set checks = [
  {'rule': 'life_cycle.returned', 'vi': 'Tổ chức đã giải thể không được báo cáo lại',
   'where': "step.status_in_stock and step.dissolved_before"},
  {'rule': 'life_cycle.skipped', 'vi': 'Tình trạng chuyển đúng thứ tự và có biến động kèm theo',
   'where': "step.earlier_status_code is not null and step.status_code is not null
      and step.status_code <> step.earlier_status_code and not step.change_is_allowed and not step.dissolved_before"},
  {'rule': 'life_cycle.vanished', 'vi': 'Tổ chức không biến mất khỏi danh sách mà không ghi biến động',
   'where': "step.status_code is null and step.earlier_in_stock"},
  {'rule': 'life_cycle.unannounced', 'vi': 'Tổ chức mới có trong danh sách phải kèm biến động',
   'where': "step.earlier_status_code is null and step.status_in_stock and not step.dissolved_before
      and coalesce(step.event_kind_code, '') not in ('founded', 'converted_in', 'split', 'merged', 'restored')"},
] %}
{% set organisation = {'org_code': 'step.org_code', 'org_type': 'step.org_type_code', 'sector': 'step.sector_code'} %}
{% set listed_now = 'json_merge_patch(' ~ evidence_named_cell('step', "'status'", 'step.status_code') ~ ', '
  ~ json_of(organisation) ~ ')' %}
{% set listed_before = json_of(dict({
  'artifact': 'step.earlier_artifact_sha256', 'file': 'step.earlier_file_name', 'sheet': 'step.earlier_sheet',
  'row': 'step.earlier_row_number', 'column': "'status'", 'value': 'step.earlier_status_code',
}, **organisation)) %}
with listed as (
  {{ current_rows(ref('stg_bieu_02')) }}
),

-- The first register in which an organisation is listed as dissolved, in any province.
dissolved as (
  select
    org_code,
    min(period_ends_on) as dissolved_by
  from listed
  where status_code = 'dissolved'
  group by org_code
),

steps as (
  select
    step.*,
    period.name_vi as period_name_vi,
    period.ends_on as period_ends_on,
    coalesce(organisation_status.is_in_stock, false) as status_in_stock,
    coalesce(earlier_status.is_in_stock, false) as earlier_in_stock,
    coalesce(dissolved.dissolved_by < period.starts_on, false) as dissolved_before,
    coalesce(
      status_change.from_code is not null
      and (status_change.event_kind is null or status_change.event_kind = step.event_kind_code),
      false
    ) as change_is_allowed
  from {{ ref('int_register_step') }} as step
  inner join {{ ref('int_period') }} as period on step.period_code = period.period_code
  left join {{ ref('statuses') }} as organisation_status on step.status_code = organisation_status.code
  left join {{ ref('statuses') }} as earlier_status on step.earlier_status_code = earlier_status.code
  left join {{ ref('status_changes') }} as status_change
    on
      step.earlier_status_code = status_change.from_code
      and step.status_code = status_change.to_code
  left join dissolved on step.org_code = dissolved.org_code
),

register_month as (
  select
    step.province_key,
    step.period_code,
    min(province.province_name) as province_name,
    min(step.period_name_vi) as period_name_vi,
    min(step.artifact_sha256) as artifact_sha256,
    {% for check in checks %}
    {% set name = check.rule.split('.')[1] %}
    count(*) filter (where {{ check.where }}) as {{ name }}_count,
    {{ json_list_agg(
      listed_now, 'step.org_code', 'step.row_number is not null and (' ~ check.where ~ ')'
    ) }} as {{ name }}_evidence,
    {{ json_list_agg(
      listed_before, 'step.org_code', 'step.earlier_row_number is not null and (' ~ check.where ~ ')'
    ) }} as {{ name }}_earlier_evidence{{ ',' if not loop.last }}
    {% endfor %}
  from steps as step
  inner join {{ ref('int_province') }} as province on step.province_key = province.province_key
  group by step.province_key, step.period_code
),

dated as (
  select
    listed.*,
    listed.founded_on > listed.period_ends_on
    or coalesce(listed.event_on < listed.founded_on, false)
    or coalesce(listed.event_on not between listed.period_starts_on and listed.period_ends_on, false)
    or (listed.event_kind_code = 'founded' and coalesce(listed.event_on <> listed.founded_on, false)) as is_inconsistent
  from listed
),

dates as (
  select
    dated.province_key,
    dated.period_code,
    min(dated.province_name) as province_name,
    min(dated.period_name_vi) as period_name_vi,
    min(dated.artifact_sha256) as artifact_sha256,
    count(*) filter (where dated.is_inconsistent) as inconsistent_count,
    {{ json_list_agg(
      evidence_named_cell('dated', "'founded_on, event_on'", "concat_ws(' | ', dated.founded_on, dated.event_on)"),
      'dated.row_number, dated.row_id', 'dated.is_inconsistent'
    ) }} as evidence
  from dated
  group by dated.province_key, dated.period_code
),

sides as (
  {% for check in checks %}
  {% set name = check.rule.split('.')[1] %}
  {{ compare_reported(
    check.rule, 'register_month', check.vi ~ ' (Biểu 02)', ['province_name'], measure='register_row_count',
    expected='0', expected_evidence='register_month.' ~ name ~ '_earlier_evidence',
    actual='register_month.' ~ name ~ '_count', actual_evidence='register_month.' ~ name ~ '_evidence',
  ) }}

  union all
  {% endfor %}

  {{ compare_reported(
    'life_cycle.dates', 'dates', 'Ngày thành lập và ngày biến động đúng trình tự (Biểu 02)', ['province_name'],
    measure='inconsistent_row_count',
    expected='0', actual='dates.inconsistent_count', actual_evidence='dates.evidence',
  ) }}
)

{{ residuals_of('sides') }}
