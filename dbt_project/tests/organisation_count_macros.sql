-- The table macros agree with the fact they read: restating moves figures and loses none, the far future knows what is
-- current, and the mart for readers without macros says the same.
-- depends_on: {{ ref('fct_organisation_count') }}
-- depends_on: {{ ref('mart_organisation_count_restated') }}
with sums as (
  select
    'fact' as source_name,
    sum(operating_count) as operating_count,
    sum(founded_count) as founded_count
  from {{ ref('fct_organisation_count') }}
  where is_current

  union all

  select
    'restated to 34' as source_name,
    sum(operating_count) as operating_count,
    sum(founded_count) as founded_count
  from marts.organisation_count_restated('34')

  union all

  select
    'as of the far future' as source_name,
    sum(operating_count) as operating_count,
    sum(founded_count) as founded_count
  from marts.organisation_count_as_of(timestamp '9999-01-01 00:00:00')

  union all

  select
    'restated mart' as source_name,
    sum(operating_count) as operating_count,
    sum(founded_count) as founded_count
  from {{ ref('mart_organisation_count_restated') }}
)

select other.*
from sums as other
inner join sums as fact on fact.source_name = 'fact'
where
  other.operating_count is distinct from fact.operating_count
  or other.founded_count is distinct from fact.founded_count
