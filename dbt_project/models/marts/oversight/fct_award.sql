-- Reports of several periods may state one award: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_14c_recorded'), key=['province_key', 'award_code']) }}
)

select
  ranged.row_id,
  ranged.award_code,
  ranged.province_key,
  ranged.period_code,
  ranged.award_kind_code,
  ranged.recipient_kind_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.awarded_on,
  ranged.decision_number,
  ranged.issuer_name,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'awarded_on') }}
