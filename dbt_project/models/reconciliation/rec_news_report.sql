-- Claims about a province compared with its reports, within the precision of the claim.
with claimed as (
  select
    claim.*,
    case
      when claim.indicator_code = 'founded' then 'news_report.founded'
      when claim.indicator_code = 'dissolved' then 'news_report.dissolved'
      else 'news_report.stock'
    end as rule_id,
    case
      when claim.indicator_code = 'founded' then 'founded_count'
      when claim.indicator_code = 'dissolved' then 'dissolved_count'
      when claim.is_operating_stock then 'operating_count'
      else 'closing_count'
    end as measure,
    coalesce(claim.sector_code, 'total') as sector_group
  from {{ ref('int_claim_original') }} as claim
  where
    claim.geography_kind = 'province'
    and claim.org_type_code in ('HTX', 'LHHTX', 'THT')
    and claim.claim_status = 'actual'
    and claim.indicator_code in ('founded', 'dissolved', 'stock', 'stock_operating')
    and (claim.sector_code is null or claim.sector_code in ('total', 'agriculture', 'non_agriculture'))
),

-- The months of a claim: those of its period, or the one that ends on its as-of date.
claimed_month as (
  select
    claimed.claim_id,
    period.period_code,
    period.starts_on,
    period.ends_on
  from claimed
  inner join {{ ref('int_period') }} as period
    on
      period.period_type = 'month'
      and (
        (
          claimed.measure in ('founded_count', 'dissolved_count')
          and period.starts_on >= claimed.period_starts_on
          and period.ends_on <= claimed.period_ends_on
        )
        or (claimed.measure in ('closing_count', 'operating_count') and period.ends_on = claimed.as_of_on)
      )
),

reported as (
  select
    claimed.claim_id,
    count(*) as month_count,
    min(claimed_month.starts_on) as first_day,
    max(claimed_month.ends_on) as last_day,
    max(claimed_month.period_code) as last_period_code,
    count(report.reported_count) as reported_month_count,
    sum(report.reported_count) as reported_count,
    max(report.artifact_sha256) as artifact_sha256,
    case
      -- One month: the cells themselves. Several: one item a month.
      when count(*) = 1 then max(report.evidence)
      else {{ json_list_agg(
        json_of({'artifact': 'report.artifact_sha256', 'period': 'report.period_code', 'column': 'report.measure',
                 'value': 'report.reported_count'}),
        'claimed_month.starts_on', 'report.artifact_sha256 is not null'
      ) }}
    end as evidence
  from claimed
  inner join claimed_month on claimed.claim_id = claimed_month.claim_id
  left join {{ ref('int_report_sum') }} as report
    on
      claimed.province_key = report.province_key
      and claimed_month.period_code = report.period_code
      and claimed.org_type_code = report.org_type_code
      and claimed.sector_group = report.sector_group
      and claimed.measure = report.measure
  group by claimed.claim_id
),

sides as (
  {% call compare(
    rule_id='claimed.rule_id',
    grain={
      'province': 'claimed.province_key', 'claim': 'claimed.claim_id', 'org_type': 'claimed.org_type_code',
      'sector': 'claimed.sector_group', 'measure': 'claimed.measure',
    },
    province='claimed.province_key', period='coalesce(claimed.period_code, reported.last_period_code)',
    subject="'Tin bài = báo cáo của tỉnh: ' || indicator.name_vi || ', ' || claimed.org_type_code || ', '
    || sector.name_vi || ', ' || claimed.geography || ', bài đăng ngày '
    || coalesce(strftime(claimed.published_on, '%d/%m/%Y'), 'không rõ')",
    expected='claimed.value', expected_evidence=json_list([evidence_claim('claimed')]),
    actual='reported.reported_count', actual_evidence='reported.evidence',
    precision=claim_precision('claimed', 'reported.reported_count'),
    reason="case
      when reported.claim_id is null then 'Thời gian nêu trong bài không trùng kỳ báo cáo tháng nào.'
      when
        claimed.measure in ('founded_count', 'dissolved_count')
        and (reported.first_day <> claimed.period_starts_on or reported.last_day <> claimed.period_ends_on)
        then 'Thời gian nêu trong bài không trùng kỳ báo cáo tháng nào.'
      when reported.reported_month_count < reported.month_count
        then 'Mới có ' || reported.reported_month_count || '/' || reported.month_count
        || ' tháng có Biểu 01 được chấp nhận của tỉnh.'
    end",
    artifact='reported.artifact_sha256',
    detail={'claim_id': 'claimed.claim_id', 'url': 'claimed.url', 'qualifier': 'claimed.qualifier'},
  ) %}
  from claimed
  left join reported on claimed.claim_id = reported.claim_id
  left join {{ ref('indicators') }} as indicator on claimed.indicator_code = indicator.code
  left join {{ ref('sectors') }} as sector on claimed.sector_group = sector.code
  {% endcall %}
)

{{ residuals_of('sides') }}
