-- Figures that are possible but unlikely, compared with the past of the same province. Thresholds are variables of
-- dbt_project.yml; docs/audit.md has their false-positive rate.
with history as (
  select
    *,
    -- All organisations that entered or left so far, by the registers.
    sum(moved_value) over (
      partition by form, province_key, subject_code, measure
      order by month_number
    ) as moved_so_far
  from {{ ref('int_figure') }}
),

looked_back as (
  select
    *,
    count(value) over past as past_count,
    median(value) over past as past_median,
    mad(value) over past as past_mad,
    median(value) over recent as recent_median,
    -- The same month of the year before: a seasonal change is no jump.
    max(value) over last_year as last_year_value,
    -- The last months plus the organisations that entered and minus those that left since.
    median(value - moved_so_far) over recent + moved_so_far as followed_value
  from history
  window
    past as (
      partition by form, province_key, subject_code, measure
      order by month_number
      range between {{ var('plausibility_look_back_months') }} preceding and 1 preceding
    ),
    recent as (
      partition by form, province_key, subject_code, measure
      order by month_number
      range between 3 preceding and 1 preceding
    ),
    last_year as (
      partition by form, province_key, subject_code, measure
      order by month_number
      range between 12 preceding and 12 preceding
    )
),

-- Flows vary around their median. Stocks drift, so their last months count; the median of these is robust against one
-- wrong month.
centred as (
  select
    *,
    case when is_flow then past_median else recent_median end as centre,
    greatest(
      -- 1.4826 MAD is a standard deviation where the figures are normal.
      case when is_flow then 1.4826 * past_mad end,
      -- A count of n varies by about the square root of n, whatever its past.
      case when not is_money then sqrt(greatest(case when is_flow then past_median else recent_median end, 1)) end,
      case
        when not is_flow
          then {{ var('plausibility_stock_drift_pct') }} / 100.0 * recent_median
      end
    ) as spread,
    case
      when abs(value - last_year_value) < abs(value - case when is_flow then past_median else recent_median end)
        and is_flow
        then last_year_value
    end as seasonal_centre,
    -- Used only if it is nearer: a register may list in one month what the counts include in another.
    case
      when not is_flow and abs(value - followed_value) < abs(value - recent_median) then followed_value
    end as followed_centre
  from looked_back
  where artifact_sha256 is not null
),

named as (
  select
    centred.*,
    coalesce(centred.seasonal_centre, centred.followed_centre, centred.centre) as expected_value,
    province.province_name,
    period.name_vi as period_name_vi,
    coalesce(
      organisation_type.name_vi || ', ' || lower(sector.name_vi), 'quỹ ' || centred.subject_code
    ) as subject_vi,
    'province=' || centred.province_key || '|period=' || centred.period_code || '|'
    || coalesce(
      'org_type=' || organisation_type.code || '|sector=' || sector.code, 'fund=' || centred.subject_code
    ) || '|measure=' || centred.measure as grain,
    -- The power of ten that separates a figure from its neighbours, if it is one.
    case
      when
        centred.value > 0 and centred.centre > 0
        and not (centred.is_flow and centred.centre < {{ var('plausibility_slip_least_count') }})
        and (centred.is_money or greatest(centred.value, centred.centre) >= {{ var('plausibility_slip_least_count') }})
        and abs(log10(centred.value / centred.centre) - round(log10(centred.value / centred.centre)))
        <= log10(1 + {{ var('plausibility_slip_within_pct') }} / 100.0)
        and abs(round(log10(centred.value / centred.centre))) between 1 and 3
        then cast(round(log10(centred.value / centred.centre)) as integer)
    end as power_of_ten
  from centred
  inner join {{ ref('int_province') }} as province on centred.province_key = province.province_key
  inner join {{ ref('int_period') }} as period on centred.period_code = period.period_code
  left join {{ ref('organisation_types') }} as organisation_type
    on
      centred.form = 'BIEU_01'
      and split_part(centred.subject_code, '|', 1) = organisation_type.code
  left join {{ ref('sectors') }} as sector
    on
      centred.form = 'BIEU_01'
      and split_part(centred.subject_code, '|', 2) = sector.code
),

sheets as (
  select *
  from {{ ref('int_sheet_stated') }}
  where has_moved
),

-- Each sheet with an equal sheet of its sender in the period before, or of another sender. Changes that cancel each
-- other may bring a small register back to an earlier state, but not twice from the same start. A province of the new
-- map is the same sender as its predecessors.
sheet_twins as (
  select
    sheets.artifact_sha256,
    sheets.file_name,
    sheets.province_key,
    sheets.province_name,
    sheets.period_code,
    sheets.period_name_vi,
    sheets.form,
    sheets.sheet,
    sheets.first_row_number,
    twin.artifact_sha256 as twin_artifact_sha256,
    twin.file_name as twin_file_name,
    twin.province_name as twin_province_name,
    twin.period_name_vi as twin_period_name_vi,
    twin.sheet as twin_sheet,
    twin.first_row_number as twin_row_number,
    case
      when member.province_key is not null then 'plausibility.copied_sheet'
      else 'plausibility.same_sheet'
    end as rule_id
  from sheets
  inner join sheets as twin
    on
      sheets.form = twin.form
      and sheets.content_sha256 = twin.content_sha256
      and sheets.artifact_sha256 <> twin.artifact_sha256
  left join {{ ref('int_province_member') }} as member
    on
      (sheets.province_key, twin.province_key) = (member.province_key, member.member_province_key)
      or (twin.province_key, sheets.province_key) = (member.province_key, member.member_province_key)
  where
    case
      when member.province_key is not null then sheets.previous_period_code = twin.period_code
      -- Of two senders, the one whose sheet was received later is reported; the sheet does not show which of them is
      -- right.
      else (twin.received_at, twin.artifact_sha256) < (sheets.received_at, sheets.artifact_sha256)
    end
  qualify
    row_number() over (
      partition by sheets.artifact_sha256, sheets.form, sheets.sheet, rule_id
      order by twin.period_starts_on desc, twin.received_at asc, twin.artifact_sha256 asc
    ) = 1
),

kinds (rule_id, subject_vi) as (
  values
  ('plausibility.copied_sheet', 'Trang tính không chép lại trang của kỳ trước'),
  ('plausibility.same_sheet', 'Trang tính không trùng với trang của tỉnh, thành phố khác')
),

-- Real counts are exact to the last digit; figures that mostly end in 0 are estimates.
digits as (
  select
    counted.province_key,
    counted.province_name,
    counted.period_code,
    counted.period_name_vi,
    counted.artifact_sha256,
    people.measure,
    counted.sheet,
    counted.row_number,
    counted.file_name,
    case people.measure when 'member_count' then counted.member_count else counted.worker_count end as people_count
  from ({{ current_rows(ref('stg_bieu_01')) }}) as counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  cross join (values ('member_count'), ('worker_count')) as people (measure)
  where sector.level = 'leaf'
),

heaps as (
  select
    province_key,
    min(province_name) as province_name,
    period_code,
    min(period_name_vi) as period_name_vi,
    min(artifact_sha256) as artifact_sha256,
    count(*) as figure_count,
    count(*) filter (where people_count % 10 = 0) as round_count,
    {{ json_list_agg(
      evidence_named_cell('digits', 'digits.measure', 'digits.people_count'), 'sheet, row_number, measure',
      'people_count % 10 = 0'
    ) }} as evidence
  from digits
  where people_count >= 20
  group by province_key, period_code
),

sides as (
  {% set figure = "named.measure_vi || ', ' || named.subject_vi || ', ' || named.province_name || ', ' || "
    ~ mid_sentence('named.period_name_vi') %}

  -- A fund's figures change by whole loans, which its balance explains; only typing errors are searched for in them.
  {% call compare(
    'plausibility.jump', grain='named.grain', province='named.province_key', period='named.period_code',
    subject=figure ~ "
    || ' (trung vị ' || named.past_count || ' tháng trước'
    || case when named.seasonal_centre is not null then ', và cùng tháng năm trước' else '' end
    || case when named.followed_centre is not null then ', cộng trừ tổ chức vào, ra theo Biểu 02' else '' end
    || ')'",
    expected='round(named.expected_value, 6)',
    expected_evidence=json_list([
      json_of({'source': "'Trung vị các tháng trước'", 'months': 'named.past_count', 'value': 'named.past_median'}),
      json_of({'source': "'Trung vị ba tháng gần nhất'", 'value': 'named.recent_median'}),
      json_of({'source': "'Độ lệch tuyệt đối trung vị (MAD)'", 'value': 'named.past_mad'}),
      json_of({'source': "'Cùng tháng năm trước'", 'value': 'named.last_year_value'}),
      json_of({
        'source': "'Trung vị ba tháng gần nhất, cộng trừ tổ chức vào, ra theo Biểu 02'", 'value': 'named.followed_centre',
      }),
    ]),
    actual='named.value', actual_evidence='named.evidence',
    precision='round(' ~ var('plausibility_jump_spreads') ~ ' * named.spread, 6)',
    reason=too_few_months('named', var('plausibility_least_months')),
    artifact='named.artifact_sha256',
  ) %}
  from named
  where not named.is_money
  {% endcall %}

  union all

  -- How many zeros a figure has too many or too few.
  {% call compare(
    'plausibility.unit_slip', grain='named.grain', province='named.province_key', period='named.period_code',
    subject=figure,
    expected='0',
    expected_evidence=json_list([json_of({'source': "'Số mà các tháng trước cho thấy'", 'value': 'named.centre'})]),
    actual='abs(coalesce(named.power_of_ten, 0))', actual_evidence='named.evidence',
    reason=too_few_months('named', var('plausibility_slip_least_months')),
    artifact='named.artifact_sha256',
    detail={'power_of_ten': 'named.power_of_ten', 'value': 'named.value', 'usual': 'round(named.centre, 6)'},
  ) %}
  from named
  {% endcall %}

  union all

  {% call compare_reported(
    rule_id='kinds.rule_id', row='sheets', title='kinds.subject_vi', about=['form', 'province_name'],
    key={'form': 'form', 'artifact': 'left(sheets.artifact_sha256, 16)', 'sheet': 'sheet'}, measure='sheet_count',
    note="coalesce(
      ' (giống ' || sheet_twins.twin_province_name || ', '
      || " ~ mid_sentence('sheet_twins.twin_period_name_vi') ~ " || ')', ''
    )",
    expected='0',
    expected_evidence=evidence_where('sheet_twins.artifact_sha256 is not null', [json_of({
      'artifact': 'sheet_twins.twin_artifact_sha256', 'file': 'sheet_twins.twin_file_name',
      'sheet': 'sheet_twins.twin_sheet', 'row': 'sheet_twins.twin_row_number',
    })]),
    actual='case when sheet_twins.artifact_sha256 is not null then 1 else 0 end',
    actual_evidence=json_list([json_of({
      'artifact': 'sheets.artifact_sha256', 'file': 'sheets.file_name', 'sheet': 'sheets.sheet',
      'row': 'sheets.first_row_number',
    })]),
  ) %}
  from sheets
  cross join kinds
  left join sheet_twins
    on
      sheets.artifact_sha256 = sheet_twins.artifact_sha256
      and sheets.form = sheet_twins.form
      and sheets.sheet = sheet_twins.sheet
      and kinds.rule_id = sheet_twins.rule_id
  {% endcall %}

  union all

  {{ compare_reported(
    'plausibility.heaping', 'heaps', "'Số thành viên, lao động tròn chục (Biểu 01, ' || heaps.figure_count || ' ô)'",
    ['province_name'], measure='round_figure_count',
    expected='round(heaps.figure_count / 10.0, 6)',
    actual='heaps.round_count', actual_evidence='heaps.evidence',
    precision='round(' ~ var('plausibility_heaping_spreads') ~ ' * sqrt(heaps.figure_count * 0.09), 6)',
    reason="case when heaps.figure_count < " ~ var('plausibility_heaping_least_figures') ~ " then
      'Chỉ có ' || heaps.figure_count || ' ô từ 20 trở lên, chưa đủ để xét.'
    end",
  ) }}
)

{{ residuals_of('sides') }}
