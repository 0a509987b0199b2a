with listed as (
  {{ recorded_rows(ref('stg_bieu_02')) }}
),

-- A register shows the state at its period's end. Of several that end together the shortest period speaks, and of two
-- senders that list one organisation the one with the lower code.
spoken as (
  {{ recorded_ranges(
    'listed',
    key=['org_code', 'period_ends_on'],
    order_by='period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
),

stated as (
  select
    listed.org_code,
    listed.org_name,
    listed.tax_code,
    listed.org_type_code,
    listed.sector_code,
    listed.status_code,
    band.code as size_class_code,
    listed.province_key,
    listed.commune_name,
    listed.district_name,
    listed.legal_regime_code,
    listed.founded_on,
    -- A date of an event that could not have been yet, or before the organisation, dates nothing.
    case when listed.event_on between listed.founded_on and listed.period_ends_on then listed.event_on end as event_on,
    case when listed.event_kind_code = 'dissolved' then listed.event_on end as dissolved_on,
    listed.period_code,
    listed.period_starts_on,
    listed.period_ends_on,
    spoken.recorded_from,
    spoken.recorded_to,
    listed.row_id,
    listed.artifact_sha256,
    listed.sheet,
    listed.row_number
  from listed
  inner join spoken on listed.row_id = spoken.row_id
  left join {{ ref('organisation_size_bands') }} as band
    on
      listed.member_count between band.min_members and coalesce(band.max_members, listed.member_count)
      and {{ is_valid_on('band', 'listed.period_ends_on') }}
  where coalesce(spoken.recorded_to, timestamp 'infinity') > spoken.recorded_from
),

hashed as (
  select
    *,
    md5(concat_ws(
      '|',
      province_key,
      org_name,
      coalesce(tax_code, '∅'),
      org_type_code,
      sector_code,
      status_code,
      coalesce(size_class_code, '∅'),
      coalesce(commune_name, '∅'),
      coalesce(district_name, '∅'),
      coalesce(legal_regime_code, '∅'),
      coalesce(cast(founded_on as varchar), '∅')
    )) as state_hash
  from stated
),

told as (
  select
    *,
    md5(concat_ws(
      '|', state_hash, coalesce(cast(event_on as varchar), '∅'), coalesce(cast(dissolved_on as varchar), '∅')
    )) as statement_hash
  from hashed
),

-- A revision that repeats what stood there is no new knowledge: the row that said it first remains the evidence.
marked as (
  select
    *,
    case
      when recorded_from = lag(recorded_to) over known and statement_hash = lag(statement_hash) over known then 0
      else 1
    end as is_new
  from told
  window known as (partition by org_code, period_ends_on order by recorded_from)
),

numbered as (
  select
    *,
    sum(is_new) over (partition by org_code, period_ends_on order by recorded_from) as run
  from marked
)

select
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
  event_on,
  dissolved_on,
  state_hash,
  period_code,
  period_starts_on,
  period_ends_on,
  recorded_from,
  last_value(recorded_to) over (
    partition by org_code, period_ends_on, run
    order by recorded_from rows between unbounded preceding and unbounded following
  ) as recorded_to,
  row_id,
  artifact_sha256,
  sheet,
  row_number
from numbered
qualify row_number() over (partition by org_code, period_ends_on, run order by recorded_from) = 1
