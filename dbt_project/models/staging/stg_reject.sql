select
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.cell,
  rows_read.row_number,
  rows_read.form,
  rows_read.column_name,
  rows_read.level as reject_level,
  rows_read.found,
  rows_read.expected,
  rows_read.message_vi,
  rows_read.remedy_vi,
  row_number() over (
    partition by rows_read.artifact_sha256
    order by
      rows_read.sheet, rows_read.row_number, rows_read.cell, rows_read.column_name, rows_read.level,
      rows_read.message_vi, rows_read.found, rows_read.expected
  ) as reject_number
from {{ source('raw_meta', 'rejects') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
