-- Generated from ingestion/forms/bieu_03.yml: change that file, then run `htx form check`.
-- Which files hold the form: a table, so that what stg_bieu_03 feeds changes only with these files.
select
  latest.artifact_sha256,
  latest.reading,
  latest.batch_id
from {{ ref('stg_artifact') }} as latest
where
  exists (
    select 1
    from {{ source('raw', 'bieu_03') }} as rows_read
    where
      rows_read.artifact_sha256 = latest.artifact_sha256
      and rows_read.reading = latest.reading
      and rows_read.batch_id = latest.batch_id
  )
