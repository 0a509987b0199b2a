with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

followed as (
  -- Only where the sender's earlier reports are known at all: a first report has nothing to continue.
  select
    counted.*,
    period.previous_period_code,
    previous_period.name_vi as previous_period_name_vi,
    sector.name_vi as sector_name_vi,
    organisation_type.name_vi as org_type_name_vi
  from counted
  inner join {{ ref('int_period') }} as period on counted.period_code = period.period_code
  inner join {{ ref('int_period') }} as previous_period
    on period.previous_period_code = previous_period.period_code
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join {{ ref('organisation_types') }} as organisation_type
    on counted.org_type_code = organisation_type.code
  where
    sector.level = 'leaf'
    and exists (
      select 1
      from counted as earlier
      where
        earlier.province_key = counted.province_key
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
    previous_row.closing_count as expected,
    followed.opening_count as actual,
    0 as claim_precision,
    case when previous_row.artifact_sha256 is null then
      'Chưa có Biểu 01 được chấp nhận của kỳ trước (' || lower(followed.previous_period_name_vi) || ').'
    end as not_comparable_reason,
    case
      when previous_row.artifact_sha256 is not null
        then {{ json_list([evidence_cell('previous_row', 'closing_count')]) }}
    end as expected_evidence,
    {{ json_list([evidence_cell('followed', 'opening_count')]) }} as actual_evidence,
    followed.artifact_sha256,
    cast({{ json_of({'previous_period': 'followed.previous_period_code'}) }} as varchar) as detail
  from followed
  left join counted as previous_row
    on
      followed.province_key = previous_row.province_key
      and followed.previous_period_code = previous_row.period_code
      and followed.org_type_code = previous_row.org_type_code
      and followed.sector_code = previous_row.sector_code
)

{{ residuals_of('sides') }}
