select
  rows_read.artifact_sha256,
  rows_read.table_number,
  rows_read.row_number,
  rows_read.is_header,
  rows_read.cells
from {{ source('raw_meta', 'news_table_row') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
