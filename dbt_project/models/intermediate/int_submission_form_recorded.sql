-- What was known when. A statement counts from its receipt until a higher-ranked one of the same sender, period and
-- form arrives; one that arrives after a higher-ranked one never counted, and its range is empty.
with accepted as (
  select
    form_sent.*,
    form_sent.received_at as recorded_from,
    cast(null as timestamp) as recorded_to
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
    id=['artifact_sha256', 'form'],
  ) }}
)

select
  accepted.artifact_sha256,
  accepted.form,
  accepted.province_key,
  accepted.period_code,
  accepted.revision,
  accepted.received_at,
  accepted.rows_loaded_count,
  spoken.recorded_from,
  spoken.recorded_to,
  spoken.is_current
from accepted
inner join spoken
  on
    accepted.artifact_sha256 = spoken.artifact_sha256
    and accepted.form = spoken.form
