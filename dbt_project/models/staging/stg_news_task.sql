select
  rows_read.task_id,
  rows_read.artifact_sha256,
  rows_read.position as position_number,
  rows_read.table_number,
  rows_read.row_number,
  rows_read.label,
  rows_read.section,
  rows_read.section_title,
  rows_read.number as task_number,
  rows_read.content,
  rows_read.lead as lead_text,
  rows_read.co_units as co_units_text,
  rows_read.window_text,
  rows_read.window_start_year,
  rows_read.window_end_year,
  rows_read.recurrence as recurrence_code,
  rows_read.shifted_by as shifted_by_count,
  rows_read.is_section,
  rows_read.similar_to
from {{ source('raw_meta', 'news_task') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
