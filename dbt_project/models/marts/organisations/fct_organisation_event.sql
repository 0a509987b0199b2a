{{ config(post_hook=[
  "{{ create_as_of(
    'organisation_event_as_of', this, cooperative=['org_code', 'coalesce(known.event_on, period.ends_on)']
  ) }}",
]) }}
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}

with listed as (
  {{ recorded_rows(ref('stg_bieu_02')) }}
),

stated as (
  select
    *,
    -- An event without a date is one of the period it is reported for.
    coalesce(cast(event_on as varchar), period_code) as event_time
  from listed
  where event_kind_code is not null
),

-- Registers of several periods may state one event: that of the shortest period it falls in speaks, else the latest.
spoken as (
  {{ recorded_ranges(
    'stated',
    key=['org_code', 'event_kind_code', 'event_time'],
    order_by='coalesce(event_on between period_starts_on and period_ends_on, false) desc, '
    ~ 'period_ends_on - period_starts_on asc, period_ends_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
)

select
  spoken.row_id,
  spoken.org_code,
  cooperative.cooperative_key,
  spoken.province_key,
  spoken.period_code,
  spoken.org_type_code,
  spoken.sector_code,
  spoken.event_kind_code,
  spoken.event_on,
  spoken.decision_number,
  spoken.status_code,
  spoken.member_count,
  spoken.charter_capital_vnd,
  spoken.revision,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.artifact_sha256,
  spoken.sheet,
  spoken.row_number
from spoken
left join {{ ref('dim_cooperative') }} as cooperative
  on
    spoken.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'coalesce(spoken.event_on, spoken.period_ends_on)') }}
