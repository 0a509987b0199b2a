-- Ages are those at the end of the last period that lists members: no clock is read.
{% set groups = ['province_key', 'sex_code', 'age_group_code'] %}
with last_day as (
  select max(period.ends_on) as as_of_on
  from {{ ref('fct_membership') }} as membership
  inner join {{ ref('dim_period') }} as period on membership.period_code = period.period_code
  where membership.is_current
),

contributed as (
  select
    member_key,
    sum(capital_contributed_vnd) as capital_contributed_vnd
  from {{ ref('fct_membership') }}
  where
    is_current
    and left_on is null
  group by member_key
),

persons as (
  select
    member.province_key,
    member.member_kind_code,
    coalesce(member.sex_code, 'unknown') as sex_code,
    last_day.as_of_on,
    contributed.capital_contributed_vnd,
    case
      when member.birth_year is null then 'unknown'
      when extract(year from last_day.as_of_on) - member.birth_year < 30 then 'under_30'
      when extract(year from last_day.as_of_on) - member.birth_year < 45 then '30_to_44'
      when extract(year from last_day.as_of_on) - member.birth_year < 60 then '45_to_59'
      else '60_or_older'
    end as age_group_code
  from {{ ref('dim_member') }} as member
  cross join last_day
  left join contributed on member.member_key = contributed.member_key
),

counted as (
  select
    province_key,
    member_kind_code,
    as_of_on,
    coalesce(sex_code, 'total') as sex_code,
    coalesce(age_group_code, 'total') as age_group_code,
    count(*) as member_count,
    sum(capital_contributed_vnd) as capital_contributed_vnd,
    max(capital_contributed_vnd) as largest_contribution_vnd
  from persons
  group by member_kind_code, as_of_on, cube({{ groups | join(', ') }})
)

select
  md5(concat_ws(
    '|', coalesce(counted.province_key, 'total'), counted.member_kind_code, counted.sex_code, counted.age_group_code
  )) as member_count_key,
  counted.province_key,
  coalesce(province.province_name, 'Cả nước') as geography_name_vi,
  counted.as_of_on,
  counted.member_kind_code,
  counted.sex_code,
  counted.age_group_code,
  counted.member_count,
  cast(counted.capital_contributed_vnd as decimal(24, 0)) as capital_contributed_vnd,
  cast(counted.largest_contribution_vnd as decimal(24, 0)) as largest_contribution_vnd
from counted
left join {{ ref('dim_province') }} as province on counted.province_key = province.province_key
