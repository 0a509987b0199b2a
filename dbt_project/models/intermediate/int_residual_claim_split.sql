-- Agriculture + non-agriculture = total, within one list of one article.
with listed as (
  select
    *,
    coalesce(org_type_code, '') as list_org_type,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as list_geography
  from {{ ref('int_claim') }}
  where
    list_id is not null
    and geography_kind <> 'region'
    and (sector_code is null or sector_code in ('total', 'agriculture', 'non_agriculture'))
    and claim_status <> 'target'
),

first_of_each as (
  select
    *,
    case when sector_code is null or sector_code = 'total' then 'total' else sector_code end as part
  from listed
  qualify row_number() over (
    partition by
      artifact_sha256, list_id, indicator_code, list_org_type, list_geography, claim_status,
      case when sector_code is null or sector_code = 'total' then 'total' else sector_code end
    order by quote_start, claim_id
  ) = 1
),

lists as (
  select
    artifact_sha256,
    list_id,
    indicator_code,
    list_org_type,
    list_geography,
    claim_status,
    min(url) as url,
    min(published_on) as published_on,
    coalesce(min(geography), 'Việt Nam') as geography,
    case when min(geography_kind) = 'province' then min(province_key) end as province_key,
    min(period_code) as period_code,
    min(claim_id) filter (where part = 'total') as total_claim_id,
    min(value) filter (where part = 'total') as expected,
    sum(value) filter (where part <> 'total') as actual,
    sum(half_digit) as half_digit,
    count(*) filter (where part <> 'total') as part_count,
    bool_or(coalesce(is_derived, false)) as has_derived,
    {{ json_list_agg(evidence_claim('first_of_each'), 'quote_start, claim_id', "part = 'total'") }}
      as expected_evidence,
    {{ json_list_agg(evidence_claim('first_of_each'), 'quote_start, claim_id', "part <> 'total'") }}
      as actual_evidence
  from first_of_each
  group by artifact_sha256, list_id, indicator_code, list_org_type, list_geography, claim_status
  having count(*) filter (where part <> 'total') > 0
),

sides as (
  select
    'claim_split.sector' as rule_id,
    'page=' || left(lists.artifact_sha256, 16) || '|list=' || lists.list_id || '|org_type='
    || coalesce(nullif(lists.list_org_type, ''), 'none') || '|geography='
    || lists.list_geography || '|status=' || lists.claim_status || '|measure='
    || lists.indicator_code as grain,
    lists.province_key,
    lists.period_code,
    'Nông nghiệp + phi nông nghiệp = tổng số trong bài: ' || coalesce(indicator.name_vi, lists.indicator_code) || ', '
    || lists.geography || ', bài đăng ngày '
    || coalesce(strftime(lists.published_on, '%d/%m/%Y'), 'không rõ') as subject,
    lists.expected,
    lists.actual,
    lists.half_digit as claim_precision,
    case
      when lists.total_claim_id is null then 'Bài không nêu tổng số.'
      when lists.part_count < 2 then 'Bài chỉ nêu một trong hai nhóm nông nghiệp, phi nông nghiệp.'
      when lists.has_derived then 'Một số hạng được suy ra từ chính tổng số.'
    end as not_comparable_reason,
    lists.expected_evidence,
    lists.actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast({{ json_of({'url': 'lists.url', 'list_id': 'lists.list_id', 'claim_id': 'lists.total_claim_id'}) }} as varchar)
      as detail
  from lists
  left join {{ ref('indicators') }} as indicator on lists.indicator_code = indicator.code
)

{{ residuals_of('sides') }}
