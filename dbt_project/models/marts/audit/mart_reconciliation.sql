{{ config(tags=['audited']) }}

select
  md5(rule_id || '|' || coalesce(period_code, '')) as summary_key,
  rule_id,
  rule_family,
  min(severity) as severity,
  min(title_vi) as title_vi,
  min(title_en) as title_en,
  period_code,
  count(*) as check_count,
  count(*) filter (where outcome = 'pass') as passed_check_count,
  count(*) filter (where outcome = 'fail') as failed_check_count,
  count(*) filter (where outcome = 'not_comparable') as not_comparable_check_count,
  max(abs(difference)) filter (where outcome = 'fail') as largest_difference
from {{ ref('fct_reconciliation') }}
group by rule_id, rule_family, period_code
