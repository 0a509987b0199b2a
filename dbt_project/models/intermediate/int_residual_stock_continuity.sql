with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

-- What a province opens with: its own closing stock, and on 1 July 2025 that of the provinces it was made from.
carried as (
  select
    counted.province_key as opening_province_key,
    counted.*
  from counted

  union all

  select
    province.successor_province_key as opening_province_key,
    counted.*
  from counted
  inner join {{ ref('int_province') }} as province on counted.province_key = province.province_key
  where province.successor_province_key is not null
),

closed as (
  select
    carried.opening_province_key,
    carried.period_code,
    carried.org_type_code,
    carried.sector_code,
    count(distinct carried.province_key) as reported_province_count,
    sum(carried.closing_count) as closing_count,
    {{ json_list_agg(evidence_cell('carried', 'closing_count'), 'carried.province_key, carried.row_number') }}
      as evidence
  from carried
  group by carried.opening_province_key, carried.period_code, carried.org_type_code, carried.sector_code
),

parts as (
  select
    successor_province_key as province_key,
    count(*) as province_count
  from {{ ref('int_province') }}
  where successor_province_key is not null
  group by successor_province_key
),

followed as (
  -- Only where the sender's earlier reports are known at all: a first report has nothing to continue.
  select
    counted.*,
    period.previous_period_code,
    previous_period.name_vi as previous_period_name_vi,
    case when previous_period.ends_on < province.valid_from then parts.province_count else 1 end
      as previous_province_count,
    sector.name_vi as sector_name_vi,
    organisation_type.name_vi as org_type_name_vi
  from counted
  inner join {{ ref('int_period') }} as period on counted.period_code = period.period_code
  inner join {{ ref('int_period') }} as previous_period
    on period.previous_period_code = previous_period.period_code
  inner join {{ ref('int_province') }} as province on counted.province_key = province.province_key
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join {{ ref('organisation_types') }} as organisation_type
    on counted.org_type_code = organisation_type.code
  left join parts on counted.province_key = parts.province_key
  where
    sector.level = 'leaf'
    and exists (
      select 1
      from carried as earlier
      where
        earlier.opening_province_key = counted.province_key
        and earlier.period_ends_on < counted.period_starts_on
    )
),

sides as (
  select
    'stock_continuity.opening' as rule_id,
    'province=' || followed.province_key || '|period=' || followed.period_code || '|org_type='
    || followed.org_type_code || '|sector=' || followed.sector_code || '|measure=opening_count' as grain,
    followed.province_key,
    followed.period_code,
    'Đầu kỳ này = cuối kỳ trước: ' || followed.org_type_name_vi || ', ' || followed.sector_name_vi || ', '
    || followed.province_name || ', ' || lower(followed.period_name_vi) as subject,
    closed.closing_count as expected,
    followed.opening_count as actual,
    0 as claim_precision,
    case
      when closed.evidence is null
        then 'Chưa có Biểu 01 được chấp nhận của kỳ trước (' || lower(followed.previous_period_name_vi) || ').'
      when closed.reported_province_count < followed.previous_province_count
        then 'Mới có ' || closed.reported_province_count || '/' || followed.previous_province_count
        || ' tỉnh hợp thành có Biểu 01 được chấp nhận của kỳ trước (' || lower(followed.previous_period_name_vi) || ').'
    end as not_comparable_reason,
    closed.evidence as expected_evidence,
    {{ json_list([evidence_cell('followed', 'opening_count')]) }} as actual_evidence,
    followed.artifact_sha256,
    cast({{ json_of({'previous_period': 'followed.previous_period_code'}) }} as varchar) as detail
  from followed
  left join closed
    on
      followed.province_key = closed.opening_province_key
      and followed.previous_period_code = closed.period_code
      and followed.org_type_code = closed.org_type_code
      and followed.sector_code = closed.sector_code
)

{{ residuals_of('sides') }}
