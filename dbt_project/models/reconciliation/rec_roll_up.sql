-- The sum of the provinces' leaves against every exact figure the national office published for that month.
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

-- Months with reports and without a published figure: named, never passed over.
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
  select
    monthly.rule_id,
    'period=' || monthly.month_code || '|org_type=HTX|sector=' || monthly.sector_group || '|measure='
    || monthly.measure || '|claim=' || monthly.claim_id as grain,
    cast(null as varchar) as province_key,
    monthly.month_code as period_code,
    'Cộng các tỉnh = số toàn quốc đã công bố: ' || indicator.name_vi || ', ' || sector.name_vi || ', '
    || {{ mid_sentence('monthly.period_name_vi') }} as subject,
    monthly.value as expected,
    coalesce(summed.reported_count, 0) as actual,
    {{ claim_precision('monthly', 'coalesce(summed.reported_count, 0)') }} as claim_precision,
    case when coverage.coverage_share < coalesce(rules.coverage_floor, 1) then
      'Mới có ' || coverage.provinces_reported_count || '/' || coverage.provinces_expected_count
      || ' tỉnh, thành phố có Biểu 01 được chấp nhận.'
    end as not_comparable_reason,
    {{ json_list([evidence_claim('monthly')]) }} as expected_evidence,
    summed.evidence as actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast({{ json_of({
      'claim_id': 'monthly.claim_id', 'url': 'monthly.url',
      'provinces_reported': 'coverage.provinces_reported_count',
      'provinces_expected': 'coverage.provinces_expected_count',
    }) }} as varchar) as detail
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

  union all

  select
    unpublished.rule_id,
    'period=' || unpublished.period_code || '|org_type=HTX|sector=total|measure=' || unpublished.measure as grain,
    cast(null as varchar) as province_key,
    unpublished.period_code,
    'Cộng các tỉnh = số toàn quốc đã công bố: ' || indicator.name_vi || ', Tổng số, '
    || {{ mid_sentence('unpublished.period_name_vi') }} as subject,
    cast(null as decimal(28, 6)) as expected,
    unpublished.reported_count as actual,
    0 as claim_precision,
    'Chưa có số liệu toàn quốc được công bố cho kỳ này.' as not_comparable_reason,
    cast(null as varchar) as expected_evidence,
    unpublished.evidence as actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast(null as varchar) as detail
  from unpublished
  left join {{ ref('indicators') }} as indicator on split_part(unpublished.rule_id, '.', 2) = indicator.code
)

{{ residuals_of('sides') }}
