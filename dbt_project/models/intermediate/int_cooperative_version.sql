-- Versions of organisations by effective date and recorded range. At every moment at which a statement begins or ends,
-- versions are derived from the register rows in force; a version that does not change is one row.
with listed as (
  select
    *,
    lag(state_hash) over listing as before_state_hash,
    lag(dissolved_on) over listing as before_dissolved_on,
    lag(recorded_from) over listing as before_recorded_from,
    coalesce(lag(recorded_to) over listing, timestamp 'infinity') as before_recorded_to,
    min(period_starts_on) over (
      partition by org_code order by period_ends_on, recorded_from rows between 1 following and unbounded following
    ) as next_starts_on
  from {{ ref('int_cooperative_statement') }}
  window listing as (partition by org_code order by period_ends_on, recorded_from)
),

-- A month that repeats the month before it, with the same recorded range, starts no version. Without these rows there
-- are few moments: an organisation listed for years without a change has one.
register_rows as (
  select *
  from listed
  where
    state_hash is distinct from before_state_hash
    or before_recorded_from > recorded_from
    or before_recorded_to < coalesce(recorded_to, timestamp 'infinity')
    or dissolved_on <> coalesce(before_dissolved_on, date '0001-01-01')
    or next_starts_on <= period_ends_on
),

changes as (
  select
    org_code,
    recorded_from as moment
  from register_rows

  union

  select
    org_code,
    recorded_to as moment
  from register_rows
  where recorded_to is not null
),

moments as (
  select
    *,
    row_number() over (partition by org_code order by moment) as moment_number,
    lead(moment) over (partition by org_code order by moment) as next_moment
  from changes
),

known as (
  select
    register_rows.*,
    moments.moment,
    moments.moment_number,
    moments.next_moment,
    lag(register_rows.state_hash) over listing as previous_state_hash,
    lag(register_rows.status_code) over listing as previous_status_code,
    lag(register_rows.period_ends_on) over listing as previous_ends_on,
    max(register_rows.dissolved_on) over (partition by register_rows.org_code, moments.moment) as known_dissolved_on
  from moments
  inner join register_rows
    on
      moments.org_code = register_rows.org_code
      and {{ is_known_at('register_rows', 'moments.moment') }}
  window listing as (partition by register_rows.org_code, moments.moment order by register_rows.period_ends_on)
),

-- A change takes effect on the day of its event by the decision, also where a later period reports the event; else on
-- the first day that no earlier register covers.
dated as (
  select
    *,
    case
      when
        event_on is not null
        and (event_on >= period_starts_on or status_code is distinct from previous_status_code)
        then event_on
      else greatest(period_starts_on, coalesce(previous_ends_on + 1, period_starts_on))
    end as valid_from
  from known
  where state_hash is distinct from previous_state_hash
),

-- A change that a later register dates to an earlier day replaces the statements of the registers in between.
versions as (
  select
    *,
    min(valid_from) over (
      partition by org_code, moment order by period_ends_on rows between 1 following and unbounded following
    ) as overruled_from
  from dated
),

spans as (
  select
    *,
    cast(lead(valid_from) over (partition by org_code, moment order by valid_from) - 1 as date) as valid_to
  from versions
  where coalesce(valid_from < overruled_from, true)
),

numbered as (
  select
    *,
    moment_number - row_number() over (
      partition by org_code, row_id, valid_from, valid_to, known_dissolved_on order by moment
    ) as run
  from spans
),

ranged as (
  select
    *,
    min(moment) over (partition by org_code, row_id, valid_from, valid_to, known_dissolved_on, run) as first_moment,
    last_value(next_moment) over (
      partition by org_code, row_id, valid_from, valid_to, known_dissolved_on, run
      order by moment rows between unbounded preceding and unbounded following
    ) as last_moment
  from numbered
)

select
  md5(org_code || '|' || valid_from) as cooperative_key,
  org_code,
  org_name,
  tax_code,
  org_type_code,
  sector_code,
  status_code,
  size_class_code,
  province_key,
  commune_name,
  district_name,
  legal_regime_code,
  founded_on,
  known_dissolved_on as dissolved_on,
  valid_from,
  valid_to,
  first_moment as recorded_from,
  last_moment as recorded_to,
  valid_to is null as is_latest_version,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from ranged
where moment = first_moment
