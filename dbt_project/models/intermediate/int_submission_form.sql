select
  submission.artifact_sha256,
  sheet.form,
  submission.province_key,
  submission.period_code,
  submission.revision,
  submission.received_at,
  submission.fixed,
  submission.content,
  sum(sheet.rows_loaded_count) as rows_loaded_count
from {{ ref('int_submission') }} as submission
inner join {{ ref('stg_sheet') }} as sheet on submission.artifact_sha256 = sheet.artifact_sha256
where
  sheet.form is not null
  and sheet.form <> 'THONG_TIN'
  and sheet.outcome in ('accepted', 'partial')
group by
  submission.artifact_sha256,
  sheet.form,
  submission.province_key,
  submission.period_code,
  submission.revision,
  submission.received_at,
  submission.fixed,
  submission.content
