-- The sum of the provinces' leaves compared with every exact figure that the national office published for that month.
with national as (
  select
    claim.*,
    case
      when claim.indicator_code = 'founded' then 'roll_up.founded'
      when claim.indicator_code = 'dissolved' then 'roll_up.dissolved'
      else 'roll_up.stock_operating'
    end as rule_id,
    case
      when claim.indicator_code = 'founded' then 'founded_count'
      when claim.indicator_code = 'dissolved' then 'dissolved_count'
      else 'operating_count'
    end as measure,
    coalesce(claim.sector_code, 'total') as sector_group,
    coalesce(
      case when claim.indicator_code in ('founded', 'dissolved') then claim.period_code end, claim.as_of_period_code
    ) as month_code
  from {{ ref('int_claim_original') }} as claim
  where
    claim.geography_kind = 'country'
    and claim.org_type_code = 'HTX'
    and claim.claim_status = 'actual'
    and claim.qualifier = 'exact'
    and (claim.sector_code is null or claim.sector_code in ('total', 'agriculture', 'non_agriculture'))
    and (
      (claim.indicator_code in ('founded', 'dissolved') and claim.accumulation = 'period')
      or claim.is_operating_stock
    )
),

monthly as (
  select
    national.*,
    period.name_vi as period_name_vi
  from national
  inner join {{ ref('int_period') }} as period
    on
      national.month_code = period.period_code
      and period.period_type = 'month'
),

summed as (
  select
    period_code,
    sector_group,
    measure,
    sum(reported_count) as reported_count,
    {{ json_list_agg(
      json_of({'province': 'report.province_name', 'artifact': 'report.artifact_sha256', 'column': 'report.measure',
               'value': 'report.reported_count'}),
      'report.province_key'
    ) }} as evidence
  from {{ ref('int_report_sum') }} as report
  where org_type_code = 'HTX'
  group by period_code, sector_group, measure
),

rule_list (rule_id, measure) as (
  values
  ('roll_up.founded', 'founded_count'),
  ('roll_up.dissolved', 'dissolved_count'),
  ('roll_up.stock_operating', 'operating_count')
),

-- Months with reports and without a published figure are not comparable, never left out.
unpublished as (
  select
    rule_list.rule_id,
    summed.*,
    period.name_vi as period_name_vi
  from summed
  inner join rule_list on summed.measure = rule_list.measure
  inner join {{ ref('int_period') }} as period
    on
      summed.period_code = period.period_code
      and period.period_type = 'month'
  where
    summed.sector_group = 'total'
    and not exists (
      select 1
      from monthly
      where
        monthly.rule_id = rule_list.rule_id
        and monthly.month_code = summed.period_code
        and monthly.sector_group = 'total'
    )
),

sides as (
  {% call compare(
    rule_id='monthly.rule_id',
    grain={
      'period': 'monthly.month_code', 'org_type': "'HTX'", 'sector': 'monthly.sector_group',
      'measure': 'monthly.measure', 'claim': 'monthly.claim_id',
    },
    period='monthly.month_code',
    subject="'Cộng các tỉnh = số toàn quốc đã công bố: ' || indicator.name_vi || ', ' || sector.name_vi || ', ' || "
    ~ mid_sentence('monthly.period_name_vi'),
    expected='monthly.value', expected_evidence=json_list([evidence_claim('monthly')]),
    actual='coalesce(summed.reported_count, 0)', actual_evidence='summed.evidence',
    precision=claim_precision('monthly', 'coalesce(summed.reported_count, 0)'),
    reason="case when coverage.coverage_share < coalesce(rules.coverage_floor, 1) then
      'Mới có ' || coverage.provinces_reported_count || '/' || coverage.provinces_expected_count
      || ' tỉnh, thành phố có Biểu 01 được chấp nhận.'
    end",
    detail={
      'claim_id': 'monthly.claim_id', 'url': 'monthly.url',
      'provinces_reported': 'coverage.provinces_reported_count',
      'provinces_expected': 'coverage.provinces_expected_count',
    },
  ) %}
  from monthly
  inner join {{ ref('int_period_coverage') }} as coverage on monthly.month_code = coverage.period_code
  left join {{ ref('stg_rule') }} as rules on monthly.rule_id = rules.rule_id
  left join {{ ref('indicators') }} as indicator on monthly.indicator_code = indicator.code
  left join {{ ref('sectors') }} as sector on monthly.sector_group = sector.code
  left join summed
    on
      monthly.month_code = summed.period_code
      and monthly.sector_group = summed.sector_group
      and monthly.measure = summed.measure
  {% endcall %}

  union all

  {% call compare(
    rule_id='unpublished.rule_id',
    grain={
      'period': 'unpublished.period_code', 'org_type': "'HTX'", 'sector': "'total'", 'measure': 'unpublished.measure',
    },
    period='unpublished.period_code',
    subject="'Cộng các tỉnh = số toàn quốc đã công bố: ' || indicator.name_vi || ', Tổng số, ' || "
    ~ mid_sentence('unpublished.period_name_vi'),
    expected='null', actual='unpublished.reported_count', actual_evidence='unpublished.evidence',
    reason="'Chưa có số liệu toàn quốc được công bố cho kỳ này.'",
  ) %}
  from unpublished
  left join {{ ref('indicators') }} as indicator on split_part(unpublished.rule_id, '.', 2) = indicator.code
  {% endcall %}
)

{{ residuals_of('sides') }}
