-- Each organisation of a list of members, as it was at the end of the list's period, with fingerprints of the inputs of
-- its rows (macros/early_cutoff/): of six million rows a new month recomputes only those it affects.
-- Materialized, so that it is joined first: otherwise every list is joined with every version.
with listed as materialized (
  select distinct
    stated.artifact_sha256,
    stated.org_code,
    concat_ws('|', counted.reading, counted.batch_id, list.province_key, list.period_code) as fixed,
    {{ key_hash(['list']) }} as list_hash,
    list.period_ends_on
  from {{ ref('stg_bieu_03') }} as stated
  inner join {{ ref('int_member_list') }} as list on stated.artifact_sha256 = list.artifact_sha256
  inner join {{ ref('stg_bieu_03_reading') }} as counted on stated.artifact_sha256 = counted.artifact_sha256
),

current_version as (
  select *
  from {{ ref('int_cooperative_version') }}
  where recorded_to is null
)

select
  listed.artifact_sha256,
  listed.org_code,
  version.cooperative_key,
  listed.fixed,
  concat_ws('|', listed.list_hash, version.cooperative_key) as content
from listed
left join current_version as version
  on
    listed.org_code = version.org_code
    and {{ is_valid_on('version', 'listed.period_ends_on') }}
