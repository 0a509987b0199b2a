select
  md5(rejected.artifact_sha256 || '|' || rejected.reject_number) as reject_key,
  rejected.artifact_sha256,
  rejected.file_name,
  rejected.province_key,
  rejected.period_code,
  rejected.sheet,
  rejected.cell,
  rejected.row_number,
  rejected.form,
  rejected.column_name,
  rejected.reject_level,
  rejected.found as found_text,
  rejected.expected as expected_text,
  rejected.message_vi,
  rejected.remedy_vi
from {{ ref('int_rejected_cell') }} as rejected
