-- Within one article: what the headline states against the text, and lists against the count they announce.
with claimed as (
  select
    *,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as place
  from {{ ref('int_claim_original') }}
  where not coalesce(is_derived, false)
),

-- The text's figure for what a headline claims. A headline shortens: it may leave out the time, and a target may be
-- called a result; of several candidates the nearest in value is meant.
answered as (
  select
    headline.claim_id as headline_id,
    told.*,
    row_number() over (
      partition by headline.claim_id
      order by abs(told.value - headline.value), told.quote_start, told.claim_id
    ) as nearness
  from claimed as headline
  inner join claimed as told
    on
      headline.artifact_sha256 = told.artifact_sha256
      and headline.indicator_code = told.indicator_code
      and headline.is_operating_stock = told.is_operating_stock
      and headline.whose = told.whose
      and headline.sector_group = told.sector_group
      and headline.place = told.place
      and coalesce(headline.period_starts_on = told.period_starts_on, true)
      and coalesce(headline.period_ends_on = told.period_ends_on, true)
      and coalesce(headline.as_of_on = told.as_of_on, true)
  where
    headline.is_in_title
    and not told.is_in_title
),

listed as (
  select
    list.*,
    article.url,
    article.copy_urls,
    article.published_on
  from {{ ref('stg_news_list') }} as list
  inner join {{ ref('int_news_article') }} as article on list.artifact_sha256 = article.artifact_sha256
  where article.is_original
),

sides as (
  select
    'claim_article.headline' as rule_id,
    'claim=' || headline.claim_id as grain,
    case when headline.geography_kind = 'province' then headline.province_key end as province_key,
    coalesce(headline.period_code, answered.period_code) as period_code,
    'Tiêu đề = nội dung: ' || coalesce(indicator.name_vi, headline.indicator_code) || ', '
    || coalesce(headline.geography, 'Việt Nam') || ', bài đăng ngày ' || {{ day_text('headline.published_on') }}
      as subject,
    headline.value as expected,
    answered.value as actual,
    {{ claims_precision('headline', 'answered') }} as claim_precision,
    case when answered.claim_id is null then 'Nội dung không nêu lại con số của tiêu đề.' end as not_comparable_reason,
    {{ json_list([evidence_claim('headline')]) }} as expected_evidence,
    case when answered.claim_id is not null then {{ json_list([evidence_claim('answered')]) }} end as actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast({{ json_of({'url': 'headline.url', 'claim_id': 'headline.claim_id'}) }} as varchar) as detail
  from claimed as headline
  left join answered
    on
      headline.claim_id = answered.headline_id
      and answered.nearness = 1
  left join {{ ref('indicators') }} as indicator on headline.indicator_code = indicator.code
  where headline.is_in_title

  union all

  select
    'claim_article.list_length' as rule_id,
    'list=' || listed.list_key as grain,
    cast(null as varchar) as province_key,
    cast(null as varchar) as period_code,
    'Số mục liệt kê = số bài nêu: «' || listed.stated_count || ' ' || listed.noun || '», bài đăng ngày '
    || {{ day_text('listed.published_on') }} as subject,
    listed.stated_count as expected,
    listed.item_count as actual,
    0 as claim_precision,
    case when listed.is_unended then 'Danh sách bỏ lửng (…), không liệt kê hết.' end as not_comparable_reason,
    {{ json_list([evidence_quote('listed')]) }} as expected_evidence,
    {{ json_list([evidence_quote('listed')]) }} as actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast({{ json_of({'url': 'listed.url', 'items': 'cast(listed.items as json)'}) }} as varchar) as detail
  from listed
)

{{ residuals_of('sides') }}
