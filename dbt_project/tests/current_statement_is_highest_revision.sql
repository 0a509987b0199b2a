-- Per sender, period and form exactly one statement is current, and no accepted one has a higher rank.
with ranked as (
  select
    *,
    rank() over (
      partition by province_key, period_code, form
      order by revision desc, received_at desc, artifact_sha256 desc
    ) as place
  from {{ ref('int_submission_form_recorded') }}
)

select *
from ranked
where
  (place = 1) <> is_current
  or is_current <> (recorded_to is null)
  or recorded_to < recorded_from
