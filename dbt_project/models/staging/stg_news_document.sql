select
  rows_read.citation_id,
  rows_read.artifact_sha256,
  rows_read.kind as kind_code,
  rows_read.kind_text,
  rows_read.number as document_number,
  rows_read.year as symbol_year,
  rows_read.symbol,
  rows_read.symbol_written,
  rows_read.issuer as issuer_code,
  rows_read.issuer_text,
  rows_read.cited_on,
  rows_read.date_text,
  rows_read.title,
  rows_read.is_own,
  rows_read.quote,
  rows_read."start" as quote_start,
  rows_read."end" as quote_end
from {{ source('raw_meta', 'news_document') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
