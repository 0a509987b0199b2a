{{ config(**incremental_by_parts(
  unique_key=['org_code', 'period_ends_on'],
  parts='int_register',
  part_columns=['artifact_sha256'],
  keys_from=['stg_bieu_02', 'int_register'],
  covered_parents=['int_bieu_02_finding'],
)) }}
with listed as (
  {{ recorded_rows(ref('stg_bieu_02'), ref('int_register')) }}
  where
    {{ is_affected(['staged.org_code', 'recorded.period_ends_on']) }}
    and {{ is_not_held(ref('int_bieu_02_finding')) }}
),

-- A register shows the state at its period's end. Of several registers that end on the same day the one of the shortest
-- period counts, and of two senders that list one organisation the one with the lower code.
ranged as (
  {{ recorded_ranges(
    'listed',
    key=['org_code', 'period_ends_on'],
    order_by='period_starts_on desc, province_key asc, row_number asc, row_id asc',
  ) }}
),

stated as (
  select
    ranged.org_code,
    ranged.org_name,
    ranged.tax_code,
    ranged.org_type_code,
    ranged.sector_code,
    ranged.status_code,
    band.code as size_class_code,
    ranged.province_key,
    ranged.commune_name,
    ranged.district_name,
    ranged.legal_regime_code,
    ranged.founded_on,
    -- A date of an event after the period or before the founding is ignored.
    case when ranged.event_on between ranged.founded_on and ranged.period_ends_on then ranged.event_on end as event_on,
    case when ranged.event_kind_code = 'dissolved' then ranged.event_on end as dissolved_on,
    ranged.period_code,
    ranged.period_starts_on,
    ranged.period_ends_on,
    ranged.recorded_from,
    ranged.recorded_to,
    ranged.row_id,
    ranged.artifact_sha256,
    ranged.sheet,
    ranged.row_number
  from ranged
  left join {{ ref('organisation_size_bands') }} as band
    on
      ranged.member_count between band.min_members and coalesce(band.max_members, ranged.member_count)
      and {{ is_valid_on('band', 'ranged.period_ends_on') }}
  where coalesce(ranged.recorded_to, timestamp 'infinity') > ranged.recorded_from
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

with_statement_hash as (
  select
    *,
    md5(concat_ws(
      '|', state_hash, coalesce(cast(event_on as varchar), '∅'), coalesce(cast(dissolved_on as varchar), '∅')
    )) as statement_hash
  from hashed
),

-- A revision that repeats the statement before it is not a new statement: the first row remains the evidence.
marked as (
  select
    *,
    case
      when recorded_from = lag(recorded_to) over known and statement_hash = lag(statement_hash) over known then 0
      else 1
    end as is_new
  from with_statement_hash
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
