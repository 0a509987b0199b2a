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
  {% call compare(
    'claim_article.headline', grain={'claim': 'headline.claim_id'},
    province=province_of('headline'), period='coalesce(headline.period_code, answered.period_code)',
    subject="'Tiêu đề = nội dung: ' || coalesce(indicator.name_vi, headline.indicator_code) || ', '
    || coalesce(headline.geography, 'Việt Nam') || ', bài đăng ngày ' || " ~ day_text('headline.published_on'),
    expected='headline.value', expected_evidence=json_list([evidence_claim('headline')]),
    actual='answered.value',
    actual_evidence=evidence_where('answered.claim_id is not null', [evidence_claim('answered')]),
    precision=claims_precision('headline', 'answered'),
    detail={'url': 'headline.url', 'claim_id': 'headline.claim_id'},
  ) %}
  from claimed as headline
  left join answered
    on
      headline.claim_id = answered.headline_id
      and answered.nearness = 1
  left join {{ ref('indicators') }} as indicator on headline.indicator_code = indicator.code
  where headline.is_in_title
  {% endcall %}

  union all

  {% call compare(
    'claim_article.list_length', grain={'list': 'listed.list_key'},
    subject="'Số mục liệt kê = số bài nêu: «' || listed.stated_count || ' ' || listed.noun || '», bài đăng ngày ' || "
    ~ day_text('listed.published_on'),
    expected='listed.stated_count', expected_evidence=json_list([evidence_quote('listed')]),
    actual='listed.item_count', actual_evidence=json_list([evidence_quote('listed')]),
    reason="case when listed.is_unended then 'Danh sách bỏ lửng (…), không liệt kê hết.' end",
    detail={'url': 'listed.url', 'items': 'cast(listed.items as json)'},
  ) %}
  from listed
  {% endcall %}
)

{{ residuals_of('sides') }}
