-- Monthly figures whose plausibility is judged on their past values: counts by type and sector group, fund positions. A
-- merged province's earlier months are the sums of its members, where all of them reported.
{% set counts = {
  'founded_count': 'Thành lập mới', 'dissolved_count': 'Giải thể', 'closing_count': 'Cuối kỳ',
  'member_count': 'Số thành viên', 'worker_count': 'Số lao động',
} %}
{% set money = {
  'charter_registered_vnd': 'Vốn điều lệ đăng ký', 'charter_paid_vnd': 'Vốn điều lệ thực góp',
  'equity_vnd': 'Vốn chủ sở hữu', 'outstanding_vnd': 'Dư nợ cuối kỳ', 'provision_vnd': 'Dự phòng',
} %}
with counted as (
  {{ current_rows(ref('stg_bieu_01')) }}
),

position as (
  {{ current_rows(ref('stg_bieu_04a')) }}
),

sector_groups (sector_group) as (
  values ('total'), ('agriculture'), ('non_agriculture')
),

counts (measure, measure_vi, is_flow) as (
  values
  {% for measure, label in counts.items() %}
  ('{{ measure }}', '{{ label }}', {{ measure in ('founded_count', 'dissolved_count') }}){{ ',' if not loop.last }}
  {% endfor %}
),

monies (measure, measure_vi) as (
  values
  {% for measure, label in money.items() %}
  ('{{ measure }}', '{{ label }}'){{ ',' if not loop.last }}
  {% endfor %}
),

counted_long as (
  select
    counted.*,
    sector_groups.sector_group,
    counts.measure,
    counts.measure_vi,
    counts.is_flow,
    case counts.measure
      {% for measure in counts -%}
        when '{{ measure }}' then counted.{{ measure }}
      {% endfor %}
    end as cell_value
  from counted
  inner join {{ ref('sectors') }} as sector on counted.sector_code = sector.code
  inner join sector_groups
    on
      sector_groups.sector_group = 'total'
      or (sector_groups.sector_group = 'agriculture') = (counted.sector_code = 'agriculture')
  cross join counts
  where sector.level = 'leaf'
),

stated as (
  select
    'BIEU_01' as form,
    province_key,
    period_code,
    period_starts_on,
    period_ends_on,
    org_type_code || '|' || sector_group as subject_code,
    measure,
    min(measure_vi) as measure_vi,
    min(is_flow) as is_flow,
    false as is_money,
    cast(sum(cell_value) as decimal(28, 6)) as value,
    min(artifact_sha256) as artifact_sha256,
    {{ json_list_agg(evidence_named_cell('counted_long', 'measure', 'cell_value'), 'sheet, row_number') }} as evidence
  from counted_long
  group by province_key, period_code, period_starts_on, period_ends_on, org_type_code, sector_group, measure

  union all

  select
    'BIEU_04A' as form,
    position.province_key,
    position.period_code,
    position.period_starts_on,
    position.period_ends_on,
    position.fund_code as subject_code,
    monies.measure,
    monies.measure_vi,
    false as is_flow,
    true as is_money,
    cast(
      case monies.measure
        {% for measure in money -%}
          when '{{ measure }}' then position.{{ measure }}
        {% endfor %}
      end as decimal(28, 6)
    ) as value,
    position.artifact_sha256,
    {{ json_list([evidence_named_cell(
      'position', 'monies.measure',
      "case monies.measure when 'charter_registered_vnd' then position.charter_registered_vnd "
      ~ "when 'charter_paid_vnd' then position.charter_paid_vnd when 'equity_vnd' then position.equity_vnd "
      ~ "when 'outstanding_vnd' then position.outstanding_vnd else position.provision_vnd end"
    )]) }} as evidence
  from position
  cross join monies
),

-- Organisations that entered or left with a named event: one large organisation can move a small sector by more than
-- its past variation.
moved as (
  select
    step.province_key,
    step.period_code,
    step.org_type_code || '|' || sector_groups.sector_group as subject_code,
    {% for measure in ('member_count', 'worker_count') %}
    sum(
      case when coalesce(status_now.is_in_stock, false) then step.{{ measure }} else -step.earlier_{{ measure }} end
    ) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
  from {{ ref('int_register_step') }} as step
  left join {{ ref('statuses') }} as status_now on step.status_code = status_now.code
  left join {{ ref('statuses') }} as status_before on step.earlier_status_code = status_before.code
  inner join sector_groups
    on
      sector_groups.sector_group = 'total'
      or (sector_groups.sector_group = 'agriculture') = (step.sector_code = 'agriculture')
  where
    step.event_kind_code is not null
    and coalesce(status_now.is_in_stock, false) <> coalesce(status_before.is_in_stock, false)
  group by step.province_key, step.period_code, step.org_type_code, sector_groups.sector_group
),

monthly as (
  select
    stated.*,
    coalesce(
      case stated.measure when 'member_count' then moved.member_count when 'worker_count' then moved.worker_count end,
      0
    ) as moved_value,
    extract(year from stated.period_starts_on) * 12 + extract(month from stated.period_starts_on) as month_number
  from stated
  inner join {{ ref('int_period') }} as period
    on
      stated.period_code = period.period_code
      and period.period_type = 'month'
  left join moved
    on
      stated.form = 'BIEU_01'
      and stated.province_key = moved.province_key
      and stated.period_code = moved.period_code
      and stated.subject_code = moved.subject_code
),

members as (
  select
    member.province_key,
    period.period_code,
    count(*) as member_count
  from {{ ref('int_province_member') }} as member
  inner join {{ ref('int_period') }} as period
    on
      period.period_type = 'month'
      and {{ is_valid_on('member', 'period.ends_on') }}
  group by member.province_key, period.period_code
),

-- The months of the members of a merged province: used as its past, not judged themselves.
inherited as (
  select
    monthly.form,
    member.province_key,
    monthly.period_code,
    monthly.subject_code,
    monthly.measure,
    min(monthly.measure_vi) as measure_vi,
    min(monthly.is_flow) as is_flow,
    min(monthly.is_money) as is_money,
    min(monthly.month_number) as month_number,
    sum(monthly.value) as value,
    sum(monthly.moved_value) as moved_value
  from monthly
  inner join {{ ref('int_province_member') }} as member
    on
      monthly.province_key = member.member_province_key
      and monthly.province_key <> member.province_key
  inner join members
    on
      member.province_key = members.province_key
      and monthly.period_code = members.period_code
  group by member.province_key, monthly.period_code, monthly.form, monthly.subject_code, monthly.measure
  having min(monthly.is_money) or count(distinct monthly.province_key) = min(members.member_count)
)

select
  form,
  province_key,
  period_code,
  subject_code,
  measure,
  measure_vi,
  is_flow,
  is_money,
  month_number,
  value,
  moved_value,
  artifact_sha256,
  evidence
from monthly

union all

select
  form,
  province_key,
  period_code,
  subject_code,
  measure,
  measure_vi,
  is_flow,
  is_money,
  month_number,
  value,
  moved_value,
  cast(null as varchar) as artifact_sha256,
  cast(null as varchar) as evidence
from inherited
