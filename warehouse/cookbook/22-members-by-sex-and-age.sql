-- vi: Thành viên theo giới tính và nhóm tuổi?
-- en: Members by sex and age group?
-- grain: one row per age group × sex
-- set: day = tính tuổi đến ngày này, mặc định cuối kỳ gần nhất / age on this day
-- mind: dim_member: mỗi người một dòng dù là thành viên của mấy HTX. / One row per person, however many cooperatives.
-- internal: Tuổi vào một ngày bất kỳ cần từng dòng thành viên; xem câu 50. / Ages on any day need a row per member; see question 50.
with newest as (
  select coalesce(cast(getvariable('day') as date), max(ends_on)) as day
  from fct_membership inner join dim_period using (period_code)
),

persons as (
  select
    member.sex_code,
    year(newest.day) - member.birth_year as age
  from dim_member as member
  cross join newest
  where member.member_kind_code = 'individual'
)

select
  case
    when age is null then 'không rõ / unknown'
    when age < 30 then 'dưới 30'
    when age < 45 then '30-44'
    when age < 60 then '45-59'
    else '60 trở lên'
  end as age_group,
  coalesce(sex.name_vi, 'không rõ / unknown') as sex_name_vi,
  count(*) as member_count,
  round(100.0 * count(*) / sum(count(*)) over (), 2) as share_pct
from persons
left join dim_code_value as sex on sex.list_code = 'sex' and sex.value_code = persons.sex_code
group by age_group, sex_name_vi
order by age_group, sex_name_vi
