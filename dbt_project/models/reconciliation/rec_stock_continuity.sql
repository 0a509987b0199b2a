with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

followed as (
  -- Only where earlier reports of the sender exist: a first report has no previous closing stock.
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
      inner join {{ ref('int_province_member') }} as member on earlier.province_key = member.member_province_key
      where
        member.province_key = counted.province_key
        and earlier.period_ends_on < counted.period_starts_on
    )
),

-- Closing values of the period before, on the present map: a merged province continues the sum of its predecessors.
before as (
  select
    member.province_key,
    counted.period_code,
    counted.org_type_code,
    counted.sector_code,
    count(distinct counted.province_key) as reported_count,
    sum(counted.closing_count) as closing_count,
    sum(counted.opening_count) as opening_count,
    {{ json_list_agg(
      evidence_cell('counted', 'closing_count'), 'counted.province_key, counted.sheet, counted.row_number'
    ) }} as evidence
  from counted
  inner join {{ ref('int_province_member') }} as member on counted.province_key = member.member_province_key
  group by member.province_key, counted.period_code, counted.org_type_code, counted.sector_code
),

members as (
  select
    member.province_key,
    period.period_code,
    count(*) as member_count
  from {{ ref('int_province_member') }} as member
  inner join {{ ref('int_period') }} as period
    on
      {{ is_valid_on('member', 'period.ends_on') }}
  group by member.province_key, period.period_code
),

sides as (
  {% call compare_reported(
    'stock_continuity.opening', 'followed', 'Đầu kỳ này = cuối kỳ trước',
    ['org_type_name_vi', 'sector_name_vi', 'province_name'],
    key={'org_type': 'org_type_code', 'sector': 'sector_code'}, measure='opening_count',
    expected='before.closing_count', expected_evidence='before.evidence',
    actual=['opening_count'],
    reason="case
      when before.province_key is null then
        'Chưa có Biểu 01 được chấp nhận của kỳ trước ('
        || " ~ mid_sentence('followed.previous_period_name_vi') ~ " || ').'
      when before.reported_count < members.member_count then
        'Mới có ' || before.reported_count || '/' || members.member_count
        || ' tỉnh hợp thành có Biểu 01 được chấp nhận của kỳ trước ('
        || " ~ mid_sentence('followed.previous_period_name_vi') ~ " || ').'
    end",
    detail={
      'previous_period': 'followed.previous_period_code',
      'previous_opening': "json_object('value', before.opening_count)",
    },
  ) %}
  from followed
  left join before
    on
      followed.province_key = before.province_key
      and followed.previous_period_code = before.period_code
      and followed.org_type_code = before.org_type_code
      and followed.sector_code = before.sector_code
  left join members
    on
      followed.province_key = members.province_key
      and followed.previous_period_code = members.period_code
  {% endcall %}
)

{{ residuals_of('sides') }}
