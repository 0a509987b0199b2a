with stated as (
  select *
  from {{ ref('int_bieu_02_recorded') }}
  where event_kind_code is not null
),

-- Registers of several periods may state one event: that of the shortest period it falls in counts, else the latest. An
-- event without a date is one of the period it is reported for.
ranged as (
  {{ recorded_ranges(
    'stated',
    key=['org_code', 'event_kind_code', 'coalesce(cast(event_on as varchar), period_code)'],
    order_by='coalesce(event_on between period_starts_on and period_ends_on, false) desc, '
    ~ 'period_ends_on - period_starts_on asc, period_ends_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  ranged.row_id,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.province_key,
  ranged.period_code,
  ranged.org_type_code,
  ranged.sector_code,
  ranged.event_kind_code,
  ranged.event_on,
  ranged.decision_number,
  ranged.status_code,
  ranged.member_count,
  ranged.charter_capital_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'coalesce(event_on, period_ends_on)') }}
