-- One figure in several places: different reports, copies of one report, versions of one page.
{% set series = [
  'founded', 'dissolved', 'converted', 'stock', 'stock_operating', 'stock_stopped', 'stock_hitech', 'members', 'workers',
  'charter_capital', 'charter_capital_avg', 'revenue_avg', 'profit_avg', 'income_avg', 'share_effective',
  'share_average', 'share_weak', 'fund_charter_capital', 'fund_capital', 'loans_disbursed', 'loans_outstanding',
  'loans_repaid', 'bad_debt_ratio',
] %}
with claimed as (
  select
    *,
    concat_ws(
      '|', case when is_operating_stock then 'stock_operating' else indicator_code end, unit,
      coalesce(org_type_code, 'none'), coalesce(sector_code, 'total'),
      coalesce(province_key, region_key, folded_geography, 'none'), claim_status, accumulation,
      period_starts_on, period_ends_on
    ) as figure_key
  from {{ ref('int_claim') }}
  where not coalesce(is_derived, false)
),

-- Figures that other reports may state, too: with date and place, of the whole and not of one event. National figures
-- of funds are left out, because articles call several funds by one name.
figure as (
  select
    *,
    figure_key || '|' || coalesce(cast(as_of_on as varchar), '') as dated_key
  from claimed
  where
    is_original
    and claim_status in ('actual', 'estimate')
    and indicator_code in (
      {%- for code in series %}
      '{{ code }}'{{ ',' if not loop.last }}
      {%- endfor %}
    )
    and coalesce(as_of_on, period_ends_on) is not null
    and geography_kind in ('country', 'region', 'province')
    and not (org_type_code = 'fund' and geography_kind = 'country')
),

-- The value of a figure in one report: an exact one is preferred to "hơn", "khoảng". Two exact values in one report are
-- ambiguous and left out.
stated_once as (
  select
    *,
    coalesce(
      min(case when qualifier = 'exact' then value end) over (partition by report_id, dated_key)
      <> max(case when qualifier = 'exact' then value end) over (partition by report_id, dated_key),
      false
    ) as is_ambiguous
  from figure
  qualify row_number() over (
    partition by report_id, dated_key
    order by qualifier = 'exact' desc, quote_start asc, claim_id asc
  ) = 1
),

followed as (
  select
    stated_once.*,
    lag(claim_id) over following as previous_id
  from stated_once
  window following as (
    partition by dated_key
    order by published_at asc nulls first, report_id asc
  )
),

repeated as (
  select
    followed.*,
    previous.value as previous_value,
    previous.published_on as previous_published_on,
    previous.is_ambiguous as previous_is_ambiguous,
    {{ claims_precision('previous', 'followed') }} as precision_of_both,
    {{ json_list([evidence_claim('previous')]) }} as previous_evidence,
    {{ json_list([evidence_claim('followed')]) }} as evidence,
    coalesce(date_diff('day', previous.published_on, followed.published_on), 0) >= {{ var('claim_revision_days') }}
      as is_later
  from followed
  inner join stated_once as previous on followed.previous_id = previous.claim_id
),

-- Copies and versions state the same claims in the same order; a claim about "now" refers to the date of the first
-- publication.
keyed as (
  select
    *,
    figure_key || '|' || case when as_of_on = published_on then 'now' else coalesce(cast(as_of_on as varchar), '') end
      as same_key
  from claimed
),

occurrence as (
  select
    *,
    row_number() over (partition by artifact_sha256, same_key order by quote_start, claim_id) as occurrence_number,
    count(*) over (partition by artifact_sha256, same_key) as occurrence_count
  from keyed
),

copied as (
  select
    copy.*,
    original.value as original_value,
    {{ claims_precision('original', 'copy') }} as precision_of_both,
    {{ json_list([evidence_claim('original')]) }} as original_evidence,
    {{ json_list([evidence_claim('copy')]) }} as evidence
  from occurrence as copy
  inner join occurrence as original
    on
      copy.report_id = original.report_id
      and copy.same_key = original.same_key
      and copy.occurrence_number = original.occurrence_number
      and copy.occurrence_count = original.occurrence_count
  where
    original.is_original
    and copy.is_current
    and not copy.is_original
),

version as (
  select distinct
    artifact_sha256,
    lag(artifact_sha256) over (partition by page_key order by snapshot_number) as previous_sha256
  from {{ ref('int_news_snapshot') }}
),

changed as (
  select
    version.artifact_sha256 as later_sha256,
    former.value as former_value,
    former.geography_kind,
    former.province_key,
    former.period_code,
    former.indicator_code,
    former.geography,
    former.url,
    former.claim_id,
    later.value as later_value,
    later.claim_id as later_id,
    {{ claims_precision('former', 'later') }} as precision_of_both,
    {{ json_list([evidence_claim('former')]) }} as former_evidence,
    case when later.claim_id is not null then {{ json_list([evidence_claim('later')]) }} end as later_evidence
  from version
  inner join occurrence as former on version.previous_sha256 = former.artifact_sha256
  left join occurrence as later
    on
      version.artifact_sha256 = later.artifact_sha256
      and former.same_key = later.same_key
      and former.occurrence_number = later.occurrence_number
      and former.occurrence_count = later.occurrence_count
),

sides as (
  {% call compare(
    rule_id="case when repeated.is_later then 'claim_between.revision' else 'claim_between.same_figure' end",
    grain={'claim': 'repeated.claim_id', 'after': 'repeated.previous_id'},
    province=province_of('repeated'), period='coalesce(repeated.period_code, repeated.as_of_period_code)',
    subject="case
      when repeated.is_later then 'Số đã nêu và số nêu lại sau đó: '
      else 'Cùng một con số trong hai bài: '
    end
    || coalesce(indicator.name_vi, repeated.indicator_code) || ', ' || repeated.geography || ', bài đăng ngày '
    || " ~ day_text('repeated.previous_published_on') ~ " || ' và ' || " ~ day_text('repeated.published_on'),
    expected='repeated.previous_value', expected_evidence='repeated.previous_evidence',
    actual='repeated.value', actual_evidence='repeated.evidence',
    precision='repeated.precision_of_both',
    reason="case
      when repeated.is_ambiguous or repeated.previous_is_ambiguous
        then 'Một bài nêu nhiều giá trị cho cùng chỉ tiêu này.'
    end",
    detail={'url': 'repeated.url', 'claim_id': 'repeated.claim_id', 'previous_claim_id': 'repeated.previous_id'},
  ) %}
  from repeated
  left join {{ ref('indicators') }} as indicator on repeated.indicator_code = indicator.code
  {% endcall %}

  union all

  {% call compare(
    'claim_between.copy', grain={'claim': 'copied.claim_id'},
    province=province_of('copied'), period='coalesce(copied.period_code, copied.as_of_period_code)',
    subject="'Bài đăng lại = bài gốc: ' || coalesce(indicator.name_vi, copied.indicator_code) || ', '
    || coalesce(copied.geography, 'Việt Nam') || ', bài đăng lại ngày ' || " ~ day_text('copied.published_on'),
    expected='copied.original_value', expected_evidence='copied.original_evidence',
    actual='copied.value', actual_evidence='copied.evidence',
    precision='copied.precision_of_both',
    detail={'url': 'copied.url', 'claim_id': 'copied.claim_id', 'report_id': 'copied.report_id'},
  ) %}
  from copied
  left join {{ ref('indicators') }} as indicator on copied.indicator_code = indicator.code
  {% endcall %}

  union all

  {% call compare(
    'claim_between.snapshot', grain={'claim': 'changed.claim_id', 'version': 'left(changed.later_sha256, 16)'},
    province=province_of('changed'), period='changed.period_code',
    subject="'Trang đã lưu = trang hiện nay: ' || coalesce(indicator.name_vi, changed.indicator_code) || ', '
    || coalesce(changed.geography, 'Việt Nam')",
    expected='changed.former_value', expected_evidence='changed.former_evidence',
    actual='changed.later_value', actual_evidence='changed.later_evidence',
    precision='changed.precision_of_both',
    detail={'url': 'changed.url', 'claim_id': 'changed.claim_id', 'later_claim_id': 'changed.later_id'},
  ) %}
  from changed
  left join {{ ref('indicators') }} as indicator on changed.indicator_code = indicator.code
  {% endcall %}
)

{{ residuals_of('sides') }}
