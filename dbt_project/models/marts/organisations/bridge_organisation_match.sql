-- Every combination of code and name under which current reports refer to an organisation, with the organisation of the
-- registers that it matches.
with recursive register as (
  select distinct org_code from {{ ref('int_organisation_statement') }}
),

-- Codes of one organisation: the transitive closure of the certain pairs.
linked as (
  select
    org_code,
    org_code as other_code
  from register

  union

  select
    linked.org_code,
    case when pair.org_code_1 = linked.other_code then pair.org_code_2 else pair.org_code_1 end as other_code
  from linked
  inner join {{ ref('int_organisation_pair') }} as pair
    on linked.other_code in (pair.org_code_1, pair.org_code_2)
  where pair.match_rule in ('tax_code', 'name_place') and not pair.is_listed_together
),

canonical as (
  select
    org_code,
    min(other_code) as organisation_code
  from linked
  group by org_code
),

participants as (
  select * from {{ ref('int_bieu_05b_recorded') }}
  where is_current
),

loans as (
  select * from {{ ref('int_bieu_04b_recorded') }}
  where is_current
),

contracts as (
  select * from {{ ref('int_bieu_05c_recorded') }}
  where is_current
),

named as (
  select distinct
    'BIEU_02' as form,
    province_key,
    org_code as stated_code,
    cast(null as varchar) as stated_name
  from {{ ref('int_organisation_statement') }}

  union all

  select distinct
    'BIEU_03' as form,
    province_key,
    org_code as stated_code,
    cast(null as varchar) as stated_name
  from {{ ref('int_member_list_count') }}

  union all

  select distinct
    'BIEU_04B' as form,
    province_key,
    borrower_code as stated_code,
    cast(null as varchar) as stated_name
  from loans
  where borrower_kind_code in ('cooperative', 'union') and borrower_code is not null

  union all

  select distinct
    'BIEU_05B' as form,
    province_key,
    org_code as stated_code,
    org_name as stated_name
  from participants

  union all

  select distinct
    'BIEU_05C' as form,
    province_key,
    org_code as stated_code,
    cast(null as varchar) as stated_name
  from contracts
  where org_code is not null
),

-- Names are matched only where the code matches nothing.
by_name as (
  select
    named.form,
    named.province_key,
    named.stated_code,
    named.stated_name,
    statement.org_code,
    max({{ similarity(name_without_type('named.stated_name'), 'statement.bare_name') }}) as score
  from named
  inner join {{ ref('int_organisation_statement') }} as statement
    on
      named.province_key = statement.province_key
      and {{ numbers_in(fold_text('named.stated_name')) }} = statement.name_numbers
  where
    named.stated_name is not null
    and named.stated_code not in (select register.org_code from register)
    and {{ similarity(name_without_type('named.stated_name'), 'statement.bare_name') }}
    >= {{ var('organisation_similarity_review') }}
  group by named.form, named.province_key, named.stated_code, named.stated_name, statement.org_code
),

ranked as (
  select
    *,
    count(*) over (partition by form, province_key, stated_code, stated_name, score) as equal_count,
    row_number() over (
      partition by form, province_key, stated_code, stated_name order by score desc, org_code asc
    ) as place
  from by_name
),

judged as (
  select
    named.form,
    named.province_key,
    named.stated_code,
    named.stated_name,
    coalesce(register.org_code, best.org_code) as candidate_code,
    case
      when register.org_code is not null then 'code'
      when best.score = 1 then 'name_place'
      when best.score is not null then 'similar_name'
      else 'none'
    end as match_rule,
    case when register.org_code is not null then 1 else best.score end as score,
    register.org_code is null
    and best.org_code is not null
    and (best.equal_count > 1 or best.score < {{ var('organisation_similarity_match') }}) as is_doubtful
  from named
  left join register on named.stated_code = register.org_code
  left join ranked as best
    on
      named.form = best.form
      and named.province_key = best.province_key
      and named.stated_code = best.stated_code
      and named.stated_name = best.stated_name
      and best.place = 1
)

select
  md5(concat_ws('|', judged.form, judged.province_key, judged.stated_code, coalesce(judged.stated_name, '∅')))
    as match_key,
  judged.form,
  judged.province_key,
  judged.stated_code,
  judged.stated_name,
  case when not judged.is_doubtful then judged.candidate_code end as org_code,
  case when not judged.is_doubtful then canonical.organisation_code end as organisation_code,
  judged.candidate_code,
  judged.match_rule,
  cast(judged.score as double) as score,
  judged.is_doubtful
from judged
left join canonical on judged.candidate_code = canonical.org_code
