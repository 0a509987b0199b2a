-- A view: half a million comparisons with their evidence are stored once, in their models.
{{ config(materialized='cached_view') }}

{% for model in residual_models() %}
select {{ residual_columns() }} from {{ ref(model) }}
{{ 'union all' if not loop.last }}
{% endfor %}
