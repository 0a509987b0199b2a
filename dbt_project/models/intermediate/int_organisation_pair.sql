-- Pairs of register codes that may be one organisation: by tax code, else by name in one commune. Names that differ in
-- a number, and organisations with two different tax codes, are never a pair.
with alike as (
  select
    one.org_code as org_code_1,
    two.org_code as org_code_2,
    1 as rule_rank,
    'tax_code' as match_rule,
    1.0 as score
  from {{ ref('int_organisation_statement') }} as one
  inner join {{ ref('int_organisation_statement') }} as two
    on one.tax_code = two.tax_code and one.org_code < two.org_code

  union all

  select
    one.org_code as org_code_1,
    two.org_code as org_code_2,
    case when one.bare_name = two.bare_name then 2 else 3 end as rule_rank,
    case when one.bare_name = two.bare_name then 'name_place' else 'similar_name' end as match_rule,
    {{ similarity('one.bare_name', 'two.bare_name') }} as score
  from {{ ref('int_organisation_statement') }} as one
  inner join {{ ref('int_organisation_statement') }} as two
    on
      one.province_key = two.province_key
      and one.place = two.place
      and one.org_type_code = two.org_type_code
      and one.name_numbers = two.name_numbers
      and one.org_code < two.org_code
      and coalesce(one.tax_code = two.tax_code, true)
  where
    one.place <> ''
    and one.bare_name <> ''
    and {{ similarity('one.bare_name', 'two.bare_name') }} >= {{ var('organisation_similarity_review') }}
),

best as (
  select * from alike
  qualify row_number() over (partition by org_code_1, org_code_2 order by rule_rank asc, score desc) = 1
),

spans as (
  select
    org_code,
    min(first_listed_on) as first_listed_on,
    max(last_listed_on) as last_listed_on
  from {{ ref('int_organisation_statement') }}
  group by org_code
)

select
  best.org_code_1,
  best.org_code_2,
  best.match_rule,
  best.score,
  -- Listed in the same register, they are either one organisation counted twice or two organisations: a person decides.
  one.first_listed_on <= two.last_listed_on and two.first_listed_on <= one.last_listed_on as is_listed_together
from best
inner join spans as one on best.org_code_1 = one.org_code
inner join spans as two on best.org_code_2 = two.org_code
