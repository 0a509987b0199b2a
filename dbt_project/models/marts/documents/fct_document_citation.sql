select
  citation_id,
  document_key,
  artifact_sha256,
  url,
  published_on,
  kind_text,
  symbol_written,
  cited_on,
  date_text,
  issuer_text,
  title,
  is_own,
  quote,
  quote_start as quote_start_number,
  quote_end as quote_end_number,
  report_id,
  is_original,
  is_current
from {{ ref('int_document_citation') }}
where is_current
