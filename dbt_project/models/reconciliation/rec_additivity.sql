-- Months = quarter = half-year = year, in the reports of the same sender; and the year to date as published.
{% set flows = ['founded_count', 'converted_in_count', 'dissolved_count', 'converted_out_count'] %}
{% set labels = {
  'founded_count': 'thành lập mới', 'converted_in_count': 'chuyển đến', 'dissolved_count': 'giải thể',
  'converted_out_count': 'chuyển đi', 'opening_count': 'đầu kỳ', 'closing_count': 'cuối kỳ',
} %}
with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

measures (rule_id, measure, measure_vi, equals_vi) as (
  values
  {% for measure in flows %}
  ('additivity.flows', '{{ measure }}', '{{ labels[measure] }}', 'cộng'),
  {% endfor %}
  ('additivity.opening', 'opening_count', '{{ labels.opening_count }}', 'kỳ đầu tiên của'),
  ('additivity.closing', 'closing_count', '{{ labels.closing_count }}', 'kỳ cuối cùng của')
),

part_types (part_type, part_vi, part_month_count) as (
  values ('month', 'các tháng', 1), ('quarter', 'các quý', 3), ('half_year', 'hai nửa năm', 6)
),

measured as (
  select
    counted.*,
    period.period_type,
    period.month_count,
    measures.rule_id,
    measures.measure,
    measures.measure_vi,
    measures.equals_vi,
    case measures.measure
      {% for measure in labels -%}
        when '{{ measure }}' then counted.{{ measure }}
      {% endfor %}
    end as measured_count
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join {{ ref('int_period') }} as period on counted.period_code = period.period_code
  cross join measures
  where sector.level = 'leaf'
),

-- Every report of a longer period with each kind of shorter report within it, and the number of those expected.
long_report as (
  select distinct
    measured.province_key,
    measured.period_code,
    measured.period_starts_on,
    measured.period_ends_on,
    part_types.part_type,
    part_types.part_vi
  from measured
  inner join part_types on measured.month_count > part_types.part_month_count
),

part_due as (
  select
    long_report.province_key,
    long_report.period_code,
    long_report.part_type,
    long_report.part_vi,
    period.period_code as part_period_code,
    member.member_province_key,
    period.starts_on = long_report.period_starts_on as is_first,
    period.ends_on = long_report.period_ends_on as is_last
  from long_report
  inner join {{ ref('int_period') }} as period
    on
      long_report.part_type = period.period_type
      and period.starts_on >= long_report.period_starts_on
      and period.ends_on <= long_report.period_ends_on
  inner join {{ ref('int_province_member') }} as member
    on
      long_report.province_key = member.province_key
      and {{ is_valid_on('member', 'period.ends_on') }}
),

-- Only kinds of reports that the sender sends: one that reports by month and year owes no quarters.
parts_known as (
  select
    part_due.province_key,
    part_due.period_code,
    part_due.part_type,
    part_due.part_vi,
    count(*) as due_count,
    count(recorded.province_key) as sent_count
  from part_due
  left join {{ ref('int_submission_form_recorded') }} as recorded
    on
      part_due.member_province_key = recorded.province_key
      and part_due.part_period_code = recorded.period_code
      and recorded.form = 'BIEU_01'
      and recorded.is_current
  group by part_due.province_key, part_due.period_code, part_due.part_type, part_due.part_vi
  having count(recorded.province_key) > 0
),

part_sums as (
  select
    part_due.province_key,
    part_due.period_code,
    part_due.part_type,
    part.org_type_code,
    part.sector_code,
    part.measure,
    sum(part.measured_count) as summed_count,
    {{ json_list_agg(
      evidence_named_cell('part', 'part.measure', 'part.measured_count'),
      'part.period_starts_on, part.province_key, part.sheet, part.row_number'
    ) }} as evidence
  from part_due
  inner join measured as part
    on
      part_due.member_province_key = part.province_key
      and part_due.part_period_code = part.period_code
  where
    part.rule_id = 'additivity.flows'
    or (part.rule_id = 'additivity.opening' and part_due.is_first)
    or (part.rule_id = 'additivity.closing' and part_due.is_last)
  group by
    part_due.province_key, part_due.period_code, part_due.part_type, part.org_type_code, part.sector_code, part.measure
),

claimed as (
  select
    claim.*,
    case claim.indicator_code when 'founded' then 'founded_count' else 'dissolved_count' end as measure,
    coalesce(claim.sector_code, 'total') as sector_group,
    coalesce(claim.period_ends_on, claim.as_of_on) as ends_on,
    coalesce(claim.province_key, 'country') as scope
  from {{ ref('int_claim') }} as claim
  where
    claim.accumulation = 'ytd'
    and claim.claim_status = 'actual'
    and claim.indicator_code in ('founded', 'dissolved')
    and claim.org_type_code = 'HTX'
    and claim.geography_kind in ('country', 'province')
    and (claim.sector_code is null or claim.sector_code in ('total', 'agriculture', 'non_agriculture'))
),

year_to_date as (
  select
    claimed.*,
    indicator.name_vi as indicator_name_vi,
    sector.name_vi as sector_name_vi,
    month.period_code as month_code,
    lag(claimed.value) over earlier as earlier_value,
    lag(claimed.ends_on) over earlier as earlier_ends_on,
    lag({{ evidence_claim('claimed') }}) over earlier as earlier_evidence
  from claimed
  left join {{ ref('indicators') }} as indicator on claimed.indicator_code = indicator.code
  left join {{ ref('sectors') }} as sector on claimed.sector_group = sector.code
  left join {{ ref('int_period') }} as month
    on
      claimed.ends_on = month.ends_on
      and month.period_type = 'month'
  where claimed.ends_on is not null
  window earlier as (
    partition by
      claimed.scope, claimed.indicator_code, claimed.sector_group, claimed.qualifier, extract(year from claimed.ends_on)
    order by claimed.ends_on, claimed.published_on, claimed.claim_id
  )
),

-- The months of the year up to the as-of day of the claim, as reported; a national claim needs every province.
year_months as (
  select
    year_to_date.claim_id,
    count(distinct period.period_code) as month_count,
    count(distinct period.period_code) filter (
      where case when year_to_date.scope = 'country'
        then coverage.coverage_share >= coalesce(rules.coverage_floor, 1)
      else report.province_key is not null end
    ) as covered_month_count,
    sum(report.reported_count) as reported_count,
    {{ json_list_agg(
      json_of({'artifact': 'report.artifact_sha256', 'province': 'report.province_name', 'column': 'report.measure',
               'value': 'report.reported_count'}),
      'report.period_code, report.province_key', 'report.province_key is not null'
    ) }} as evidence
  from year_to_date
  inner join {{ ref('int_period') }} as period
    on
      period.period_type = 'month'
      and period.year_number = extract(year from year_to_date.ends_on)
      and period.ends_on <= year_to_date.ends_on
  inner join {{ ref('int_period_coverage') }} as coverage on period.period_code = coverage.period_code
  left join {{ ref('int_report_sum') }} as report
    on
      period.period_code = report.period_code
      and year_to_date.measure = report.measure
      and year_to_date.sector_group = report.sector_group
      and report.org_type_code = 'HTX'
      and year_to_date.scope in ('country', report.province_key)
  left join {{ ref('stg_rule') }} as rules on rules.rule_id = 'additivity.year_to_date'
  group by year_to_date.claim_id
),

sides as (
  {% call compare_reported(
    rule_id='measured.rule_id', row='measured',
    title="upper(left(measured.measure_vi, 1)) || substr(measured.measure_vi, 2) || ' ' || "
    ~ mid_sentence('measured.period_name_vi') ~ " || ' = ' || measured.equals_vi || ' ' || parts_known.part_vi",
    about=['organisation_type.name_vi', 'sector.name_vi', 'province_name'], names_period=false,
    key={
      'parts': 'parts_known.part_type', 'org_type': 'org_type_code', 'sector': 'sector_code', 'measure': 'measure',
    },
    expected='part_sums.summed_count', expected_evidence='part_sums.evidence',
    actual='measured.measured_count',
    actual_evidence=json_list([evidence_named_cell('measured', 'measured.measure', 'measured.measured_count')]),
    reason="case when parts_known.sent_count < parts_known.due_count then
      'Mới có ' || parts_known.sent_count || '/' || parts_known.due_count || ' báo cáo của ' || parts_known.part_vi
      || '.'
    end",
    detail={'parts': 'parts_known.part_type'},
  ) %}
  from measured
  inner join parts_known
    on
      measured.province_key = parts_known.province_key
      and measured.period_code = parts_known.period_code
  inner join {{ ref('sectors') }} as sector on measured.sector_code = sector.code
  inner join {{ ref('organisation_types') }} as organisation_type
    on measured.org_type_code = organisation_type.code
  left join part_sums
    on
      measured.province_key = part_sums.province_key
      and measured.period_code = part_sums.period_code
      and parts_known.part_type = part_sums.part_type
      and measured.org_type_code = part_sums.org_type_code
      and measured.sector_code = part_sums.sector_code
      and measured.measure = part_sums.measure
  {% endcall %}

  union all

  {% set claim = {'claim_id': 'year_to_date.claim_id', 'url': 'year_to_date.url'} %}
  {% set what = "year_to_date.indicator_name_vi || ', ' || year_to_date.sector_name_vi || ', '
    || year_to_date.geography" %}
  {% call compare(
    'additivity.year_to_date', grain={'claim': 'year_to_date.claim_id'},
    province='year_to_date.province_key', period='year_to_date.month_code',
    subject="'Lũy kế từ đầu năm đến ' || strftime(year_to_date.ends_on, '%d/%m/%Y')
    || ' = cộng các tháng đã báo cáo: ' || " ~ what,
    expected='year_to_date.value', expected_evidence=json_list([evidence_claim('year_to_date')]),
    actual='year_months.reported_count', actual_evidence='year_months.evidence',
    precision=claim_precision('year_to_date', 'year_months.reported_count'),
    reason="case
      when year_to_date.month_code is null
        then 'Lũy kế không tính đến cuối tháng nên chưa so được với báo cáo tháng.'
      when year_months.covered_month_count < year_months.month_count then
        'Mới có đủ báo cáo của ' || year_months.covered_month_count || '/' || year_months.month_count || ' tháng.'
    end",
    detail=claim,
  ) %}
  from year_to_date
  inner join year_months on year_to_date.claim_id = year_months.claim_id
  {% endcall %}

  union all

  {% call compare(
    'additivity.year_to_date_falls', grain={'claim': 'year_to_date.claim_id'},
    province='year_to_date.province_key', period='year_to_date.month_code',
    subject="'Lũy kế đến ' || strftime(year_to_date.ends_on, '%d/%m/%Y') || ' không nhỏ hơn lũy kế đến '
    || strftime(year_to_date.earlier_ends_on, '%d/%m/%Y') || ': ' || " ~ what,
    expected='year_to_date.earlier_value', expected_evidence=json_list(['year_to_date.earlier_evidence']),
    actual='year_to_date.value', actual_evidence=json_list([evidence_claim('year_to_date')]),
    detail=claim,
  ) %}
  from year_to_date
  where
    year_to_date.earlier_ends_on < year_to_date.ends_on
    and year_to_date.qualifier = 'exact'
  {% endcall %}
)

{{ residuals_of('sides') }}
