-- Reports of several periods may state one inspection: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_14a_recorded'), key=['province_key', 'inspection_code']) }}
)

select
  ranged.row_id,
  ranged.inspection_code,
  ranged.province_key,
  ranged.period_code,
  ranged.inspection_kind_code,
  ranged.inspection_basis_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.unit_name,
  ranged.started_on,
  ranged.ended_on,
  ranged.finding_count,
  ranged.recommendation_count,
  ranged.recovery_vnd,
  ranged.inspection_status_code,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'started_on') }}
