-- vi: Có bao nhiêu mô hình chuỗi giá trị, công nghệ cao, OCOP, và diện tích?
-- en: How many models of value chain, high technology and OCOP are there, and on what area?
-- grain: one row per kind of model
-- mind: Danh sách cuối kỳ: lấy kỳ gần nhất của mỗi tỉnh, không cộng các kỳ. / A list at period end: the last of each province, periods are not added.
with newest as (
  select model.*
  from fct_cooperative_model as model
  inner join dim_period as period using (period_code)
  where model.is_current
  qualify
    rank() over (partition by model.province_key order by period.ends_on desc, period.starts_on) = 1
)

select
  kind.name_vi as model_kind_name_vi,
  count(*) as model_count,
  count(*) filter (where newest.model_status_code <> 'ended') as running_count,
  count(distinct newest.province_key) as province_count,
  count(*) filter (where newest.ocop_star_count >= 4) as ocop_four_stars_count,
  sum(newest.area_ha) as area_ha,
  sum(newest.support_vnd) as support_vnd
from newest
inner join dim_code_value as kind on kind.list_code = 'model_kind' and kind.value_code = newest.model_kind_code
group by kind.name_vi
order by model_count desc, kind.name_vi
