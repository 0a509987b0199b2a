-- A view: half a million comparisons with their evidence are kept once, in their families.
{{ config(materialized='view') }}

{% set families = [
  'stock_identity', 'stock_split', 'stock_continuity', 'region_split', 'claim_split', 'claim_percent', 'claim_change',
  'claim_balance', 'claim_article', 'claim_between', 'document', 'roll_up', 'register_report',
  'fund', 'fair', 'membership', 'news_report', 'intake', 'additivity',
  'life_cycle', 'compliance', 'plausibility', 'list', 'plan',
] %}
{% for family in families %}
select {{ residual_columns() }} from {{ ref('rec_' ~ family) }}
{{ 'union all' if not loop.last }}
{% endfor %}
