-- What was known when. A statement counts from its receipt until a higher-ranked one of the same sender, period and
-- form arrives; one that arrives after a higher-ranked one never counted, and its range is empty. With fingerprints of
-- what the rows of a statement are told with (macros/early_cutoff/).
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

spoken as (
  {{ recorded_ranges(
    'accepted',
    key=['province_key', 'period_code', 'form'],
    order_by='revision desc, received_at desc, artifact_sha256 desc',
  ) }}
)

select
  spoken.artifact_sha256,
  spoken.form,
  spoken.province_key,
  spoken.period_code,
  spoken.revision,
  spoken.received_at,
  spoken.rows_loaded_count,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current,
  spoken.fixed,
  concat_ws('|', spoken.content, spoken.recorded_from, spoken.recorded_to) as content
from spoken
