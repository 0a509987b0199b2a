{{ config(meta={'increment': {
  'parts': 'int_register',
  'part': ['artifact_sha256'],
  'key': ['org_code', 'period_ends_on'],
  'rows': ['stg_bieu_02', 'int_register'],
}}) }}
with listed as (
  {{ recorded_rows(ref('stg_bieu_02'), ref('int_register')) }}
  where {{ is_affected(['staged.org_code', 'recorded.period_ends_on']) }}
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
    spoken.org_code,
    spoken.org_name,
    spoken.tax_code,
    spoken.org_type_code,
    spoken.sector_code,
    spoken.status_code,
    band.code as size_class_code,
    spoken.province_key,
    spoken.commune_name,
    spoken.district_name,
    spoken.legal_regime_code,
    spoken.founded_on,
    -- A date of an event that could not have been yet, or before the organisation, dates nothing.
    case when spoken.event_on between spoken.founded_on and spoken.period_ends_on then spoken.event_on end as event_on,
    case when spoken.event_kind_code = 'dissolved' then spoken.event_on end as dissolved_on,
    spoken.period_code,
    spoken.period_starts_on,
    spoken.period_ends_on,
    spoken.recorded_from,
    spoken.recorded_to,
    spoken.row_id,
    spoken.artifact_sha256,
    spoken.sheet,
    spoken.row_number
  from spoken
  left join {{ ref('organisation_size_bands') }} as band
    on
      spoken.member_count between band.min_members and coalesce(band.max_members, spoken.member_count)
      and {{ is_valid_on('band', 'spoken.period_ends_on') }}
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
