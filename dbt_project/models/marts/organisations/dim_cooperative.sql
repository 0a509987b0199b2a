-- History from the registers themselves: a version starts where a current register first shows another state, at the
-- date of the event it names, else at the start of that period. No clock is read.
with listed as (
  {{ current_rows(ref('stg_bieu_02')) }}
),

-- An organisation that two senders list in one period counts once, for the sender with the lower code.
stated as (
  select
    listed.*,
    band.code as size_class_code
  from listed
  left join {{ ref('organisation_size_bands') }} as band
    on
      listed.member_count between band.min_members and coalesce(band.max_members, listed.member_count)
      and {{ is_valid_on('band', 'listed.period_ends_on') }}
  -- A register lists an organisation once per period; where months and longer periods overlap, the month speaks.
  qualify row_number() over (
    partition by listed.org_code, listed.period_starts_on
    order by listed.period_ends_on, listed.province_key, listed.row_number, listed.row_id
  ) = 1
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

marked as (
  select
    *,
    coalesce(lag(state_hash) over (partition by org_code order by period_starts_on) <> state_hash, true) as is_change
  from hashed
),

versions as (
  select
    *,
    case
      when event_on between period_starts_on and period_ends_on then event_on
      else period_starts_on
    end as valid_from
  from marked
  where is_change
  -- Should two reports date a change on one day, the later report speaks.
  qualify row_number() over (partition by org_code, valid_from order by period_starts_on desc) = 1
),

lives as (
  select
    org_code,
    max(period_code) as last_listed_period_code,
    max(case when event_kind_code = 'dissolved' then event_on end) as dissolved_on
  from stated
  group by org_code
)

select
  md5(versions.org_code || '|' || versions.valid_from) as cooperative_key,
  versions.org_code,
  versions.org_name,
  versions.tax_code,
  versions.org_type_code,
  versions.sector_code,
  versions.status_code,
  versions.size_class_code,
  versions.province_key,
  versions.commune_name,
  versions.district_name,
  versions.legal_regime_code,
  versions.founded_on,
  lives.dissolved_on,
  versions.valid_from,
  cast(
    lead(versions.valid_from) over (partition by versions.org_code order by versions.valid_from) - interval 1 day
    as date
  ) as valid_to,
  lead(versions.valid_from) over (partition by versions.org_code order by versions.valid_from) is null as is_current,
  lives.last_listed_period_code,
  versions.row_id,
  versions.artifact_sha256,
  versions.sheet,
  versions.row_number
from versions
inner join lives on versions.org_code = lives.org_code
