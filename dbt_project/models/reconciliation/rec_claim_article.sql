-- Within one article: figures of the headline compared with the text, and lists with the count they announce.
with claimed as (
  select
    *,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as place
  from {{ ref('int_claim_original') }}
  where not coalesce(is_derived, false)
),

-- The figure of the text for the claim of a headline. A headline abridges: it may leave out the time, and may call a
-- target a result; of several candidates the nearest in value is compared.
answered as (
  select
    headline.claim_id as headline_id,
    body.*,
    row_number() over (
      partition by headline.claim_id
      order by abs(body.value - headline.value), body.quote_start, body.claim_id
    ) as nearness
  from claimed as headline
  inner join claimed as body
    on
      headline.artifact_sha256 = body.artifact_sha256
      and headline.indicator_code = body.indicator_code
      and headline.is_operating_stock = body.is_operating_stock
      and headline.whose = body.whose
      and headline.sector_group = body.sector_group
      and headline.place = body.place
      and coalesce(headline.period_starts_on = body.period_starts_on, true)
      and coalesce(headline.period_ends_on = body.period_ends_on, true)
      and coalesce(headline.as_of_on = body.as_of_on, true)
  where
    headline.is_in_title
    and not body.is_in_title
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
