-- What was known when. A statement counts from its receipt until a higher-ranked one of the same sender, period and
-- form arrives; one that arrives after a higher-ranked one never counted, and its range is empty.
with accepted as (
  select form_sent.*
  from {{ ref('int_submission_form') }} as form_sent
  where
    not exists (
      select 1
      from {{ ref('int_submission_held') }} as held
      where held.artifact_sha256 = form_sent.artifact_sha256
    )
),

followed as (
  select
    *,
    min(received_at) over (
      partition by province_key, period_code, form
      order by revision, received_at, artifact_sha256
      rows between 1 following and unbounded following
    ) as first_superseded_at
  from accepted
)

select
  artifact_sha256,
  form,
  province_key,
  period_code,
  revision,
  received_at,
  rows_loaded_count,
  received_at as recorded_from,
  case when first_superseded_at is not null then greatest(received_at, first_superseded_at) end as recorded_to,
  first_superseded_at is null as is_current
from followed
