select
  rows_read.claim_id,
  rows_read.artifact_sha256,
  rows_read.url,
  rows_read.portal,
  rows_read.published_on,
  rows_read.metric as indicator_code,
  rows_read.value,
  rows_read.value_max,
  rows_read.denominator,
  rows_read.unit,
  rows_read.qualifier,
  rows_read.status as claim_status,
  rows_read.accumulation,
  rows_read.org_type as org_type_code,
  rows_read.sector as sector_code,
  rows_read.geography,
  rows_read.geography_basis,
  rows_read.period_start as period_starts_on,
  rows_read.period_end as period_ends_on,
  rows_read.as_of as as_of_on,
  rows_read.quote,
  rows_read."start" as quote_start,
  rows_read."end" as quote_end,
  rows_read.derived as is_derived,
  rows_read.rule as grammar_rule,
  rows_read.sentence_number,
  rows_read.list_id,
  rows_read.trail
from {{ source('raw_meta', 'news_claim') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
