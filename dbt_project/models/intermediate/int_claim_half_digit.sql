-- How precisely a figure is printed: half of its last printed digit; 0 for whole counts written out ('189', '20.767').
-- A comma is the decimal mark; a point groups thousands unless it cannot ('6.5').
with tokens as (
  select
    claim_id,
    abs(value) as claimed,
    unit,
    unnest(regexp_extract_all(quote, '\d+(?:[.,]\d+)*(?:[\s\x{00A0}]*(?:nghìn|ngàn|triệu|tỷ|tỉ|%))?')) as token
  from {{ ref('stg_news_claim') }}
  where not coalesce(is_derived, false)
),

split as (
  select
    claim_id,
    claimed,
    unit,
    regexp_extract(token, '^[\d.,]*\d') as digits,
    regexp_extract(token, '[^\d.,\s\x{00A0}]+$') as word
  from tokens
),

read as (
  select
    claim_id,
    claimed,
    unit,
    case
      when word in ('nghìn', 'ngàn') then 1000
      when word = 'triệu' then 1000000
      when word in ('tỷ', 'tỉ') then 1000000000
      else 1
    end as multiplier,
    case
      when contains(digits, ',') then replace(replace(digits, '.', ''), ',', '.')
      when regexp_full_match(digits, '\d{1,3}(\.\d{3})+') then replace(digits, '.', '')
      else digits
    end as plain_digits
  from split
),

measured as (
  select
    claim_id,
    claimed,
    multiplier,
    try_cast(plain_digits as decimal(28, 6)) * multiplier as printed,
    0.5 * multiplier * power(
      10, -case when contains(plain_digits, '.') then length(split_part(plain_digits, '.', 2)) else 0 end
    ) as half_digit,
    multiplier = 1 and not contains(plain_digits, '.') and not starts_with(unit, 'percent') as is_whole_count
  from read
)

select
  claim_id,
  cast(
    coalesce(
      -- The token of the claim, or the one a monthly rate was computed from; else the one with the smallest rounding.
      min(case when is_whole_count then 0 else half_digit end) filter (where printed = claimed),
      min(half_digit * 12) filter (where printed * 12 = claimed),
      min(half_digit) filter (where multiplier > 1),
      0
    ) as decimal(28, 6)
  ) as half_digit
from measured
group by claim_id
