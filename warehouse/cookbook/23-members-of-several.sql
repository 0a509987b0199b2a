-- vi: Bao nhiêu người là thành viên của nhiều HTX cùng lúc?
-- en: How many persons belong to several cooperatives at once?
-- grain: one row per number of cooperatives
-- mind: Vì thế tổng thành viên các HTX lớn hơn số người. / Hence members summed over cooperatives exceed persons.
-- internal: Cần từng dòng thành viên. / It needs a row per member.
with belonging as (
  select member_key, count(distinct org_code) as cooperative_count
  from fct_membership
  where is_current and left_on is null
  group by member_key
)

select
  cooperative_count,
  count(*) as member_count,
  round(100.0 * count(*) / sum(count(*)) over (), 3) as share_pct
from belonging
group by cooperative_count
order by cooperative_count
