select
  -- A missing sheet has no name; a sheet that is not a form has no code.
  md5(concat_ws(
    '|', rows_read.artifact_sha256, coalesce(rows_read.sheet, ''), coalesce(rows_read.form, '')
  )) as sheet_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.form,
  rows_read.form_version,
  rows_read.outcome,
  rows_read.reason,
  rows_read.content_sha256,
  rows_read.header_row,
  rows_read.rows_read as rows_read_count,
  rows_read.rows_loaded as rows_loaded_count,
  rows_read.rows_rejected as rows_rejected_count,
  rows_read.rows_duplicate as rows_duplicate_count
from {{ source('raw_meta', 'sheets') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
