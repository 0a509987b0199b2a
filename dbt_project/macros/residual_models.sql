{#- Generated from models/reconciliation and expectations/rules: python -m expectations.dbt_models -#}

{% macro residual_models() -%}
  {{ return([
    'rec_additivity',
    'rec_claim_article',
    'rec_claim_balance',
    'rec_claim_between',
    'rec_claim_change',
    'rec_claim_percent',
    'rec_claim_split',
    'rec_compliance',
    'rec_document',
    'rec_fair',
    'rec_fund',
    'rec_fund_position',
    'rec_intake',
    'rec_life_cycle',
    'rec_list',
    'rec_membership',
    'rec_news_report',
    'rec_plan',
    'rec_plausibility',
    'rec_region_split',
    'rec_register_report',
    'rec_roll_up',
    'rec_stock_continuity',
    'rec_stock_identity',
    'rec_stock_split',
  ]) }}
{%- endmacro %}

{% macro rejecting_models() -%}
  {{ return([
    'rec_fund_position',
    'rec_stock_identity',
    'rec_stock_split',
  ]) }}
{%- endmacro %}
