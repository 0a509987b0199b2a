-- Authorities define one concept differently: each definition is a separate indicator, so that figures of two
-- definitions never share a code.
with defined as (
  select
    code,
    code as concept,
    authority,
    name_vi,
    name_en,
    definition_vi,
    definition_en,
    unit,
    additivity,
    period_type,
    accumulation
  from {{ ref('indicators') }}

  union all

  select
    code,
    concept,
    authority,
    name_vi,
    name_en,
    definition_vi,
    definition_en,
    unit,
    additivity,
    period_type,
    accumulation
  from {{ ref('indicator_definitions') }}
)

select
  code as indicator_code,
  concept as concept_code,
  name_vi,
  name_en,
  definition_vi,
  definition_en,
  unit,
  additivity,
  additivity in ('additive', 'semi_additive') as is_additive_over_provinces,
  additivity = 'additive' as is_additive_over_time,
  authority,
  period_type,
  accumulation
from defined
