-- A total compared with its parts in one article: the two sector groups, the provinces a new one was merged from, the
-- types of organisation, operating and stopped.
with listed as (
  select
    claim.*,
    coalesce(claim.org_type_code, '') as list_org_type,
    case when claim.geography_kind in ('country', 'unstated') then 'viet nam' else claim.folded_geography end
      as list_geography
  from {{ ref('int_claim_original') }} as claim
  where claim.claim_status <> 'target'
),

-- Sectors: agriculture and non-agriculture, within one list.
sector_part as (
  select
    {{ claim_columns('listed') }},
    'claim_split.sector' as rule_id,
    case when sector_code is null or sector_code = 'total' then 'total' else sector_code end as part,
    concat_ws('|', artifact_sha256, list_id, indicator_code, list_org_type, list_geography, claim_status) as split_key,
    list_geography
  from listed
  where
    list_id is not null
    and geography_kind <> 'region'
    and (sector_code is null or sector_code in ('total', 'agriculture', 'non_agriculture'))
),

-- Provinces of the map of 63 in the list of a province of the map of 34.
predecessor_total as (
  select *
  from listed
  where
    list_id is not null
    and geography_kind = 'province'
    and province_map = '34'
    and not coalesce(is_derived, false)
),

predecessor_part as (
  select
    {{ claim_columns('part') }},
    'claim_split.predecessor' as rule_id,
    part.province_key as part,
    total.claim_id as split_key,
    total.list_geography
  from predecessor_total as total
  inner join listed as part
    on
      total.artifact_sha256 = part.artifact_sha256
      and total.list_id = part.list_id
      and total.indicator_code = part.indicator_code
      and total.list_org_type = part.list_org_type
      and total.sector_code is not distinct from part.sector_code
      and total.claim_status = part.claim_status
      and part.geography_kind = 'province'
      and part.province_map = '63'
  inner join {{ ref('int_province') }} as former
    on
      part.province_key = former.province_key
      and total.province_key = former.successor_province_key

  union all

  select
    {{ claim_columns('total') }},
    'claim_split.predecessor' as rule_id,
    'total' as part,
    total.claim_id as split_key,
    total.list_geography
  from predecessor_total as total
),

-- Types of organisation behind a total that names none, where the words between say that these are all ("gồm").
org_type_total as (
  select
    listed.*,
    article.article_text
  from listed
  inner join {{ ref('int_news_article') }} as article on listed.artifact_sha256 = article.artifact_sha256
  where
    listed.org_type_code is null
    and listed.unit = 'count'
    and listed.indicator_code in ('founded', 'dissolved', 'stock', 'stock_operating', 'stock_stopped')
),

org_type_part as (
  select
    {{ claim_columns('part') }},
    'claim_split.org_type' as rule_id,
    part.org_type_code as part,
    total.claim_id as split_key,
    total.list_geography,
    substr(
      total.article_text,
      total.quote_end + 1,
      min(part.quote_start) over (partition by total.claim_id) - total.quote_end
    ) as words_between
  from org_type_total as total
  inner join listed as part
    on
      total.artifact_sha256 = part.artifact_sha256
      and total.sentence_number = part.sentence_number
      and total.indicator_code = part.indicator_code
      and total.list_geography = part.list_geography
      and total.sector_code is not distinct from part.sector_code
      and total.claim_status = part.claim_status
      and total.quote_end <= part.quote_start
  where part.org_type_code is not null
),

-- Operating and stopped: the stock of one place at one time.
status_part as (
  select
    {{ claim_columns('listed') }},
    'claim_split.status' as rule_id,
    case
      when is_operating_stock then 'operating'
      when indicator_code = 'stock_stopped' then 'stopped'
      else 'total'
    end as part,
    concat_ws(
      '|', artifact_sha256, list_org_type, coalesce(sector_code, 'total'), list_geography, claim_status, as_of_on
    ) as split_key,
    list_geography
  from listed
  where indicator_code in ('stock', 'stock_operating', 'stock_stopped')
),

parts as (
  select * from sector_part

  union all

  select * from predecessor_part

  union all

  select
    {{ claim_columns('part') }},
    part.rule_id,
    part.part,
    part.split_key,
    part.list_geography
  from org_type_part as part
  where regexp_matches(part.words_between, '(^|[\s,(])(bao )?gồm[\s:]|^\s*[:(]')

  union all

  select
    {{ claim_columns('total') }},
    'claim_split.org_type' as rule_id,
    'total' as part,
    total.claim_id as split_key,
    total.list_geography
  from org_type_total as total

  union all

  select * from status_part
),

first_of_each as (
  select *
  from parts
  qualify row_number() over (partition by rule_id, split_key, part order by quote_start, claim_id) = 1
),

splits as (
  select
    rule_id,
    split_key,
    artifact_sha256,
    min(url) as url,
    min(published_on) as published_on,
    min(list_id) as list_id,
    min(indicator_code) filter (where part = 'total' or rule_id <> 'claim_split.status') as indicator_code,
    coalesce(min(org_type_code), '') as list_org_type,
    min(list_geography) as list_geography,
    min(claim_status) as claim_status,
    coalesce(min(geography) filter (where part = 'total'), min(geography), 'Việt Nam') as geography,
    coalesce(min(province_key) filter (where part = 'total'), min(province_key)) as province_key,
    min(geography_kind) as geography_kind,
    min(period_code) as period_code,
    min(claim_id) filter (where part = 'total') as total_claim_id,
    min(value) filter (where part = 'total') as expected,
    sum(value) filter (where part <> 'total') as actual,
    sum(half_digit) as half_digit,
    -- Qualifiers like "hơn", "khoảng" of a part widen the tolerance of the sum.
    sum(case when qualifier = 'exact' then 0 else {{ claim_reach('first_of_each') }} end) as reach,
    count(*) filter (where part <> 'total') as part_count,
    list(part) filter (where part <> 'total') as part_list,
    bool_or(coalesce(is_derived, false)) as has_derived,
    {{ json_list_agg(evidence_claim('first_of_each'), 'quote_start, claim_id', "part = 'total'") }}
      as expected_evidence,
    {{ json_list_agg(evidence_claim('first_of_each'), 'quote_start, claim_id', "part <> 'total'") }}
      as actual_evidence
  from first_of_each
  group by rule_id, split_key, artifact_sha256
  having count(*) filter (where part <> 'total') > 0
),

former as (
  select
    successor_province_key,
    count(*) as former_count
  from {{ ref('int_province') }}
  where successor_province_key is not null
  group by successor_province_key
),

judged as (
  select
    splits.*,
    case splits.rule_id
      when 'claim_split.predecessor' then former.former_count
      else 2
    end as least_part_count
  from splits
  left join former on splits.province_key = former.successor_province_key
  where
    -- A province that was not merged has no parts; one type beside a total is no breakdown.
    not (splits.rule_id = 'claim_split.predecessor' and coalesce(former.former_count, 0) < 2)
    and not (splits.rule_id = 'claim_split.status' and splits.total_claim_id is null)
),

sides as (
  {% call compare(
    rule_id='judged.rule_id',
    grain="'page=' || left(judged.artifact_sha256, 16) || case
      when judged.rule_id = 'claim_split.sector'
        then
          '|list=' || judged.list_id || '|org_type=' || coalesce(nullif(judged.list_org_type, ''), 'none')
          || '|geography=' || judged.list_geography || '|status=' || judged.claim_status || '|measure='
          || judged.indicator_code
      else '|split=' || md5(judged.split_key)
    end",
    province=province_of('judged'), period='judged.period_code',
    subject="case judged.rule_id
      when 'claim_split.sector' then 'Nông nghiệp + phi nông nghiệp = tổng số trong bài: '
      when 'claim_split.predecessor' then 'Các tỉnh trước sáp nhập cộng lại = tỉnh mới: '
      when 'claim_split.org_type' then 'Các loại hình cộng lại = tổng số tổ chức trong bài: '
      else 'Đang hoạt động + ngừng hoạt động = tổng số trong bài: '
    end
    || coalesce(indicator.name_vi, judged.indicator_code, 'số tổ chức') || ', '
    || judged.geography || ', bài đăng ngày '
    || coalesce(strftime(judged.published_on, '%d/%m/%Y'), 'không rõ')",
    expected='judged.expected', expected_evidence='judged.expected_evidence',
    actual='judged.actual', actual_evidence='judged.actual_evidence',
    precision='judged.half_digit + judged.reach',
    reason="case
      when judged.total_claim_id is null then 'Bài không nêu tổng số.'
      when judged.part_count < judged.least_part_count
        then
          case judged.rule_id
            when 'claim_split.sector' then 'Bài chỉ nêu một trong hai nhóm nông nghiệp, phi nông nghiệp.'
            when 'claim_split.predecessor' then 'Bài chưa nêu đủ các tỉnh trước sáp nhập.'
            when 'claim_split.org_type' then 'Bài chỉ nêu một loại hình.'
            else 'Bài chỉ nêu số đang hoạt động hoặc số ngừng hoạt động.'
          end
      when judged.has_derived then 'Một số hạng được suy ra từ chính tổng số.'
    end",
    detail={
      'url': 'judged.url', 'list_id': 'judged.list_id', 'claim_id': 'judged.total_claim_id',
      'parts': 'list_sort(judged.part_list)',
    },
  ) %}
  from judged
  left join {{ ref('indicators') }} as indicator on judged.indicator_code = indicator.code
  {% endcall %}
)

{{ residuals_of('sides') }}
