-- Recorded ranges of statements. A statement counts from its receipt until a higher-ranked one of the same sender,
-- period and form arrives; one that arrives after a higher-ranked one never counts, and its range is empty. With
-- fingerprints of the inputs of a statement's rows (macros/early_cutoff/).
with accepted as (
  select
    form_sent.*,
    form_sent.received_at as recorded_from,
    cast(null as timestamp) as recorded_to,
    true as is_current
  from {{ ref('int_submission_form') }} as form_sent
  where
    not exists (
      select 1
      from {{ ref('int_submission_held') }} as held
      where held.artifact_sha256 = form_sent.artifact_sha256
    )
),

ranged as (
  {{ recorded_ranges(
    'accepted',
    key=['province_key', 'period_code', 'form'],
    order_by='revision desc, received_at desc, artifact_sha256 desc',
  ) }}
)

select
  ranged.artifact_sha256,
  ranged.form,
  ranged.province_key,
  ranged.period_code,
  ranged.revision,
  ranged.received_at,
  ranged.rows_loaded_count,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.fixed,
  concat_ws('|', ranged.content, ranged.recorded_from, ranged.recorded_to) as content
from ranged
