select
  rows_read.list_key,
  rows_read.artifact_sha256,
  rows_read.stated_count,
  rows_read.noun,
  rows_read.item_count,
  rows_read.items,
  rows_read.is_unended,
  rows_read.quote,
  rows_read."start" as quote_start,
  rows_read."end" as quote_end
from {{ source('raw_meta', 'news_list') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
