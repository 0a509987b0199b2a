with placed as (
  select
    claim.*,
    article.title as article_title,
    article.published_at,
    article.report_id,
    coalesce(article.is_current, true) as is_current,
    coalesce(article.is_original, true) as is_original,
    coalesce(article.copy_urls, []) as copy_urls,
    claim.quote_start < length(article.title) as is_in_title,
    case
      when claim.geography_basis = 'before_2025_07' then '63'
      when claim.geography_basis = 'from_2025_07' then '34'
      when coalesce(claim.as_of_on, claim.period_ends_on, claim.published_on) >= date '2025-07-01' then '34'
      else '63'
    end as province_map,
    coalesce(half_digit.half_digit, 0) as half_digit,
    {{ fold_text('claim.geography') }} as folded_geography
  from {{ ref('stg_news_claim') }} as claim
  left join {{ ref('int_news_article') }} as article on claim.artifact_sha256 = article.artifact_sha256
  left join {{ ref('int_claim_half_digit') }} as half_digit on claim.claim_id = half_digit.claim_id
)

select
  placed.*,
  -- "có 310 HTX đang hoạt động" states the operating stock, whatever the metric is called.
  placed.indicator_code = 'stock_operating'
  or (placed.indicator_code = 'stock' and contains(lower(placed.quote), 'đang hoạt động')) as is_operating_stock,
  province.province_key,
  -- Articles rarely name the scheme of regions: the eight traditional ones before the merger, the six of 2025 after it.
  coalesce(
    case when placed.province_map = '34' then six_2025.region_key end,
    eight.region_key,
    six_2006.region_key,
    six_2025.region_key
  ) as region_key,
  whole_period.period_code,
  as_of_period.period_code as as_of_period_code,
  case
    when placed.geography is null then 'unstated'
    when placed.folded_geography = 'viet nam' then 'country'
    when placed.geography = 'each_province' then 'each_province'
    when coalesce(eight.region_key, six_2006.region_key, six_2025.region_key) is not null then 'region'
    when province.province_key is not null then 'province'
    else 'unknown'
  end as geography_kind
from placed
left join {{ ref('int_province_name') }} as province
  on
    placed.folded_geography = province.folded_name
    and placed.province_map = province.province_map
left join {{ ref('int_region_name') }} as eight
  on
    placed.folded_geography = eight.folded_name
    and eight.scheme_code = 'eight_traditional'
left join {{ ref('int_region_name') }} as six_2006
  on
    placed.folded_geography = six_2006.folded_name
    and six_2006.scheme_code = 'six_2006'
left join {{ ref('int_region_name') }} as six_2025
  on
    placed.folded_geography = six_2025.folded_name
    and six_2025.scheme_code = 'six_2025'
left join {{ ref('int_period') }} as whole_period
  on
    placed.period_starts_on = whole_period.starts_on
    and placed.period_ends_on = whole_period.ends_on
left join {{ ref('int_period') }} as as_of_period
  on
    placed.as_of_on = as_of_period.ends_on
    and as_of_period.period_type = 'month'
