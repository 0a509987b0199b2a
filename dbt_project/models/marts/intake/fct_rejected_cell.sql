with numbered as (
  select
    rejected.*,
    row_number() over (
      partition by rejected.artifact_sha256
      order by
        rejected.sheet, rejected.row_number, rejected.cell, rejected.column_name, rejected.reject_level,
        rejected.message_vi, rejected.found, rejected.expected
    ) as place
  from {{ ref('stg_reject') }} as rejected
)

select
  md5(numbered.artifact_sha256 || '|' || numbered.place) as reject_key,
  numbered.artifact_sha256,
  artifact.file_name,
  submission.province_key,
  submission.period_code,
  numbered.sheet,
  numbered.cell,
  numbered.row_number,
  numbered.form,
  numbered.column_name,
  numbered.reject_level,
  numbered.found as found_text,
  numbered.expected as expected_text,
  numbered.message_vi,
  numbered.remedy_vi
from numbered
inner join {{ ref('stg_artifact') }} as artifact on numbered.artifact_sha256 = artifact.artifact_sha256
left join {{ ref('int_submission') }} as submission on numbered.artifact_sha256 = submission.artifact_sha256
