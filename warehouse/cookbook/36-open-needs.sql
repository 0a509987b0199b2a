-- vi: Kiến nghị nào của HTX chưa được trả lời, lâu nhất là bao lâu?
-- en: Which recommendations of cooperatives are unanswered, and since when?
-- grain: one row per topic × level addressed
select
  topic.name_vi as topic_name_vi,
  level.name_vi as addressed_to_name_vi,
  count(*) as need_count,
  count(*) filter (where need.is_open) as open_count,
  min(need.raised_on) filter (where need.is_open) as oldest_open_on,
  round(avg(need.days_to_answer_count), 1) as average_days_to_answer_count
from fct_need as need
left join dim_code_value as topic on topic.list_code = 'need_topic' and topic.value_code = need.topic_code
left join dim_code_value as level on level.list_code = 'need_level' and level.value_code = need.addressed_to_code
where need.is_current
group by topic.name_vi, level.name_vi
order by open_count desc, topic_name_vi, addressed_to_name_vi
