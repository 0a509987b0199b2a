-- Regions of one list compared with the total of the list, and with the regions of their scheme.
with listed as (
  select
    claim.*,
    coalesce(claim.org_type_code, '') as list_org_type,
    coalesce(claim.sector_code, '') as list_sector
  from {{ ref('int_claim_original') }} as claim
  where claim.list_id is not null
),

regions_listed as (
  select *
  from listed
  where geography_kind = 'region'
),

-- The scheme that has most of the listed names; of ties, the one in force, then the smallest.
scheme_fit as (
  select
    regions_listed.artifact_sha256,
    regions_listed.list_id,
    regions_listed.indicator_code,
    regions_listed.list_org_type,
    regions_listed.list_sector,
    scheme.code as scheme_code,
    scheme.name_vi as scheme_name_vi,
    count(distinct region_name.region_key) as known_count,
    bool_or(
      {{ is_valid_on('scheme', 'regions_listed.published_on') }}
    ) as is_in_force,
    min(scheme_size.region_count) as region_count
  from regions_listed
  inner join {{ ref('int_region_name') }} as region_name
    on regions_listed.folded_geography = region_name.folded_name
  inner join {{ ref('region_schemes') }} as scheme on region_name.scheme_code = scheme.code
  inner join (
    select
      scheme as scheme_code,
      count(*) as region_count
    from {{ ref('regions') }}
    group by scheme
  ) as scheme_size on scheme.code = scheme_size.scheme_code
  group by
    regions_listed.artifact_sha256,
    regions_listed.list_id,
    regions_listed.indicator_code,
    regions_listed.list_org_type,
    regions_listed.list_sector,
    scheme.code,
    scheme.name_vi
),

scheme_chosen as (
  select *
  from scheme_fit
  qualify row_number() over (
    partition by artifact_sha256, list_id, indicator_code, list_org_type, list_sector
    order by known_count desc, is_in_force desc, region_count asc, scheme_code asc
  ) = 1
),

totals as (
  select *
  from listed
  where
    geography_kind in ('country', 'unstated')
    and not coalesce(is_derived, false)
  -- Of several totals in one list, the first printed.
  qualify row_number() over (
    partition by artifact_sha256, list_id, indicator_code, list_org_type, list_sector
    order by quote_start, claim_id
  ) = 1
),

sums as (
  select
    regions_listed.artifact_sha256,
    regions_listed.list_id,
    regions_listed.indicator_code,
    regions_listed.list_org_type,
    regions_listed.list_sector,
    min(regions_listed.url) as url,
    min(regions_listed.published_on) as published_on,
    sum(regions_listed.value) as actual,
    sum(regions_listed.half_digit) as half_digit,
    count(*) as region_count,
    {{ json_list_agg(evidence_claim('regions_listed'), 'quote_start, claim_id') }} as evidence
  from regions_listed
  group by
    regions_listed.artifact_sha256,
    regions_listed.list_id,
    regions_listed.indicator_code,
    regions_listed.list_org_type,
    regions_listed.list_sector
  having count(*) > 1
),

coverage as (
  select
    scheme_chosen.artifact_sha256,
    scheme_chosen.list_id,
    scheme_chosen.indicator_code,
    scheme_chosen.list_org_type,
    scheme_chosen.list_sector,
    count(*) as scheme_region_count,
    count(present.region_key) as present_count,
    coalesce(
      list(region.name_vi order by region.sort_order) filter (where present.region_key is null), []
    ) as missing_names
  from scheme_chosen
  inner join {{ ref('regions') }} as region on scheme_chosen.scheme_code = region.scheme
  left join (
    select distinct
      regions_listed.artifact_sha256,
      regions_listed.list_id,
      regions_listed.indicator_code,
      regions_listed.list_org_type,
      regions_listed.list_sector,
      region_name.region_key
    from regions_listed
    inner join {{ ref('int_region_name') }} as region_name
      on regions_listed.folded_geography = region_name.folded_name
  ) as present
    on
      scheme_chosen.artifact_sha256 = present.artifact_sha256
      and scheme_chosen.list_id = present.list_id
      and scheme_chosen.indicator_code = present.indicator_code
      and scheme_chosen.list_org_type = present.list_org_type
      and scheme_chosen.list_sector = present.list_sector
      and region.scheme || '-' || region.code = present.region_key
  group by
    scheme_chosen.artifact_sha256,
    scheme_chosen.list_id,
    scheme_chosen.indicator_code,
    scheme_chosen.list_org_type,
    scheme_chosen.list_sector
),

compared as (
  select
    sums.*,
    totals.claim_id as total_claim_id,
    totals.value as total_value,
    totals.period_code,
    greatest(sums.half_digit, {{ claim_precision('totals', 'sums.actual') }}) as precision_of_total,
    case
      when totals.claim_id is not null then {{ json_list([evidence_claim('totals')]) }}
    end as total_evidence,
    scheme_chosen.scheme_code,
    scheme_chosen.scheme_name_vi,
    coverage.scheme_region_count,
    coverage.present_count,
    coverage.missing_names,
    coalesce(indicator.name_vi, sums.indicator_code) as indicator_name_vi,
    'page=' || left(sums.artifact_sha256, 16) || '|list=' || sums.list_id || '|org_type='
    || coalesce(nullif(sums.list_org_type, ''), 'none') || '|sector=' || coalesce(nullif(sums.list_sector, ''), 'total')
    || '|measure=' || sums.indicator_code as grain
  from sums
  inner join scheme_chosen
    on
      sums.artifact_sha256 = scheme_chosen.artifact_sha256
      and sums.list_id = scheme_chosen.list_id
      and sums.indicator_code = scheme_chosen.indicator_code
      and sums.list_org_type = scheme_chosen.list_org_type
      and sums.list_sector = scheme_chosen.list_sector
  inner join coverage
    on
      sums.artifact_sha256 = coverage.artifact_sha256
      and sums.list_id = coverage.list_id
      and sums.indicator_code = coverage.indicator_code
      and sums.list_org_type = coverage.list_org_type
      and sums.list_sector = coverage.list_sector
  left join totals
    on
      sums.artifact_sha256 = totals.artifact_sha256
      and sums.list_id = totals.list_id
      and sums.indicator_code = totals.indicator_code
      and sums.list_org_type = totals.list_org_type
      and sums.list_sector = totals.list_sector
  left join {{ ref('indicators') }} as indicator on sums.indicator_code = indicator.code
),

sides as (
  {% set article = "compared.indicator_name_vi || ', bài đăng ngày '
    || coalesce(strftime(compared.published_on, '%d/%m/%Y'), 'không rõ')" %}

  {% call compare(
    'region_split.sum', grain='compared.grain', period='compared.period_code',
    subject="'Cộng các vùng được liệt kê = tổng số cả nước: ' || " ~ article,
    expected='compared.total_value', expected_evidence='compared.total_evidence',
    actual='compared.actual', actual_evidence='compared.evidence',
    precision='compared.precision_of_total',
    reason="case when compared.total_claim_id is null then 'Danh sách vùng không kèm tổng số để so.' end",
    detail={
      'url': 'compared.url', 'list_id': 'compared.list_id', 'claim_id': 'compared.total_claim_id',
      'scheme': 'compared.scheme_code', 'regions_listed': 'compared.region_count',
      'unallocated': 'compared.total_value - compared.actual', 'missing_regions': 'compared.missing_names',
    },
  ) %}
  from compared
  {% endcall %}

  union all

  {% call compare(
    'region_split.coverage', grain='compared.grain', period='compared.period_code',
    subject="'Số vùng được liệt kê = số vùng của cách chia ' || compared.scheme_name_vi || ': ' || " ~ article,
    expected='compared.scheme_region_count', expected_evidence='compared.total_evidence',
    actual='compared.present_count', actual_evidence='compared.evidence',
    detail={
      'url': 'compared.url', 'list_id': 'compared.list_id', 'scheme': 'compared.scheme_code',
      'missing_regions': 'compared.missing_names',
    },
  ) %}
  from compared
  {% endcall %}
)

{{ residuals_of('sides') }}
