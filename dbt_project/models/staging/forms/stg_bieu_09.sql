-- Generated from ingestion/forms/bieu_09.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.plan_symbol,
  rows_read.task_code,
  rows_read.task_name,
  rows_read.lead_unit_name,
  rows_read.other_unit_names,
  rows_read.task_due_on,
  rows_read.task_status as task_status_code,
  rows_read.progress_pct,
  rows_read.done_on,
  rows_read.result_text,
  rows_read.obstacle_text
from {{ source('raw', 'bieu_09') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
