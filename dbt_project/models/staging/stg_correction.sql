select
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.cell,
  rows_read.stated,
  rows_read.corrected,
  rows_read.outcome,
  rows_read.reason,
  rows_read.source,
  rows_read.until,
  row_number() over (
    partition by rows_read.artifact_sha256
    order by rows_read.sheet, rows_read.cell, rows_read.until, rows_read.stated, rows_read.corrected
  ) as correction_number
from {{ source('raw_meta', 'corrections') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
