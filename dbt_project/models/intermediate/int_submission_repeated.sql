with content as (
  select
    submission.artifact_sha256,
    submission.province_key,
    submission.period_type,
    submission.period_code,
    submission.period_starts_on,
    sheet.form,
    sheet.content_sha256
  from {{ ref('int_submission') }} as submission
  inner join {{ ref('stg_sheet') }} as sheet on submission.artifact_sha256 = sheet.artifact_sha256
  where sheet.content_sha256 is not null
)

select
  later.artifact_sha256,
  string_agg(distinct later.form, ', ' order by later.form) as repeated_forms,
  max_by(earlier.period_code, earlier.period_starts_on) as repeated_period_code
from content as later
inner join content as earlier
  on
    later.province_key = earlier.province_key
    and later.period_type = earlier.period_type
    and later.form = earlier.form
    and later.content_sha256 = earlier.content_sha256
    and later.period_starts_on > earlier.period_starts_on
group by later.artifact_sha256
