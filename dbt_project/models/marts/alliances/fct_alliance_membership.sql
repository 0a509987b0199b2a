-- Reports of several periods may state the same spell: the latest counts.
with ranged as (
  {{ recorded_ranges(
    ref('int_bieu_15b_recorded'), key=['province_key', 'org_code', 'alliance_level_code', 'joined_on']
  ) }}
)

select
  ranged.row_id,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.province_key,
  ranged.period_code,
  ranged.org_name,
  ranged.alliance_level_code,
  case when ranged.alliance_level_code = 'national' then 'VCA' else 'LM-' || ranged.province_key end as unit_key,
  ranged.membership_kind_code,
  ranged.joined_on,
  ranged.left_on,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'period_ends_on') }}
