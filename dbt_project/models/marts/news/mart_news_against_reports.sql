{{ config(tags=['audited']) }}

select
  reconciliation.residual_id,
  reconciliation.rule_id,
  reconciliation.title_vi,
  reconciliation.province_key,
  reconciliation.period_code,
  claim.claim_id,
  claim.url,
  claim.article_title,
  claim.published_on,
  claim.indicator_code,
  claim.org_type_code,
  claim.sector_code,
  claim.geography,
  claim.qualifier,
  claim.quote,
  reconciliation.expected as claimed_value,
  reconciliation.actual as reported_value,
  reconciliation.difference,
  reconciliation.tolerance,
  case reconciliation.outcome when 'pass' then true when 'fail' then false end as is_within_precision,
  reconciliation.outcome,
  reconciliation.not_comparable_reason,
  reconciliation.explanation_vi,
  reconciliation.actual_evidence as report_evidence,
  article.report_id,
  article.copy_count,
  article.copy_urls
from {{ ref('fct_reconciliation') }} as reconciliation
inner join {{ ref('fct_news_claim') }} as claim
  on json_extract_string(reconciliation.detail, '$.claim_id') = claim.claim_id
inner join {{ ref('dim_news_article') }} as article on claim.artifact_sha256 = article.artifact_sha256
where reconciliation.rule_family in ('news_report', 'roll_up')
