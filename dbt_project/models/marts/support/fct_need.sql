-- Reports of several periods may state one need, each with its answer so far: the latest counts.
with ranged as (
  {{ recorded_ranges(ref('int_bieu_12_recorded'), key=['province_key', 'need_code']) }}
)

select
  ranged.row_id,
  ranged.need_code,
  ranged.province_key,
  ranged.period_code,
  ranged.org_code,
  cooperative.cooperative_key,
  ranged.need_kind_code,
  ranged.topic_code,
  ranged.content,
  ranged.raised_on,
  ranged.addressed_to_code,
  ranged.need_status_code,
  ranged.need_status_code in ('received', 'forwarded') as is_open,
  ranged.answered_on,
  ranged.answered_on - ranged.raised_on as days_to_answer_count,
  ranged.answer_text,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
{{ join_cooperative('ranged', 'org_code', 'raised_on') }}
