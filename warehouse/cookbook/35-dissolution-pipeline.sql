-- vi: Các tổ chức chờ giải thể vướng ở đâu, đã bao lâu?
-- en: Where are organisations stuck on their way to dissolution, and for how long?
-- grain: one row per obstacle × stage
-- mind: Số tại thời điểm: lấy kỳ gần nhất của mỗi tỉnh. / A stock: the last period of each province.
with newest as (
  select pipeline.*
  from mart_dissolution_pipeline as pipeline
  inner join dim_period as period using (period_code)
  qualify rank() over (partition by pipeline.province_key order by period.ends_on desc, period.starts_on) = 1
)

select
  obstacle_name_vi,
  stage_name_vi,
  any_value(stage_number) as stage_number,
  sum(case_count) as case_count,
  sum(overdue_count) as overdue_count,
  min(longest_stopped_since) as longest_stopped_since,
  sum(debt_vnd) as debt_vnd,
  sum(undivided_assets_vnd) as undivided_assets_vnd
from newest
where not is_closed
group by obstacle_name_vi, stage_name_vi
order by case_count desc, stage_number, obstacle_name_vi
