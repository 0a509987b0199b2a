-- Reports of several periods may state one delivery: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_13_recorded'), key=['province_key', 'service_code']) }}
)

select
  ranged.row_id,
  ranged.service_code,
  ranged.province_key,
  ranged.period_code,
  ranged.service_kind_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.provider_name,
  ranged.delivered_on,
  ranged.beneficiary_count,
  ranged.value_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'delivered_on') }}
