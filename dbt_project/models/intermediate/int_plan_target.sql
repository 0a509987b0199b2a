-- Targets of documents with the least and the most that meet each, and the years that each is for.
{{ config(materialized='cached_view') }}

select
  target.target_id,
  target.document_symbol,
  target.issued_on,
  target.name_vi,
  target.scope,
  target.indicator as indicator_code,
  target.org_type as org_type_code,
  coalesce(target.sector, 'total') as sector_code,
  target.bound,
  target.value as target_value,
  target.value_max as target_value_max,
  target.unit,
  target.first_year,
  target.last_year,
  target.is_relative,
  target.base_vi,
  target.ambiguity_vi,
  indicator.additivity <> 'non_additive' as is_additive,
  -- The target for a stock in a year is for the end of that year.
  case
    when target.horizon_kind = 'not_stated' then 'not_stated'
    when target.horizon_kind = 'by_end' or (target.horizon_kind = 'year' and indicator.accumulation = 'stock')
      then 'by_end'
    else 'each_year'
  end as horizon_kind,
  case
    when target.horizon_kind = 'not_stated' then 'không nêu thời hạn'
    when target.horizon_kind = 'by_end' then 'đến năm ' || target.last_year
    when target.first_year = target.last_year then 'năm ' || target.last_year
    else 'hằng năm ' || target.first_year || '-' || target.last_year
  end as horizon_vi,
  {{ target_minimum('target') }} as least_value,
  {{ target_maximum('target') }} as most_value
from {{ ref('targets') }} as target
inner join {{ ref('indicators') }} as indicator on target.indicator = indicator.code
