-- vi: Trong số HTX thành lập mỗi năm, nay còn bao nhiêu?
-- en: Of the cooperatives founded in each year, how many still exist?
-- grain: one row per founding year
-- mind: Tổ chức giải thể trước khi có danh sách đầu tiên không có ở đây: các năm đầu nhìn tốt hơn thực tế. / Those that ended before the first register are not here, so early years look better than they were.
select
  year(cooperative.founded_on) as founded_year,
  count(*) as founded_count,
  count(*) filter (where status.is_in_stock) as existing_count,
  count(*) filter (where status.is_operating) as operating_count,
  count(*) filter (where cooperative.status_code = 'dissolved') as dissolved_count,
  round(100.0 * count(*) filter (where status.is_in_stock) / count(*), 2) as existing_pct
from dim_cooperative as cooperative
inner join dim_status as status using (status_code)
where cooperative.is_latest_version and cooperative.org_type_code = 'HTX' and cooperative.founded_on is not null
group by founded_year
order by founded_year
