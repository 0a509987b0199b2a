-- Reports of several periods may state one case, each with its state so far: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_14b_recorded'), key=['province_key', 'case_code']) }}
)

select
  ranged.row_id,
  ranged.case_code,
  ranged.province_key,
  ranged.period_code,
  ranged.case_kind_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.topic_code,
  ranged.received_on,
  ranged.body_name,
  ranged.case_status_code,
  ranged.case_status_code in ('received', 'in_progress') as is_open,
  ranged.resolved_on,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'received_on') }}
