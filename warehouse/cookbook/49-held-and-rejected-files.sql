-- vi: Tệp nào bị giữ lại hoặc từ chối, vì lý do gì?
-- en: Which files were held or rejected, and why?
-- grain: one row per file
select
  submission.file_name,
  coalesce(province.province_name, submission.stated_sender_name) as sender_name,
  submission.period_code,
  submission.revision,
  submission.received_at,
  submission.outcome,
  submission.held_rule_ids,
  submission.reason,
  submission.rows_read_count,
  submission.rows_loaded_count
from fct_submission as submission
left join dim_province as province using (province_key)
where submission.outcome in ('held', 'rejected')
order by submission.received_at desc, submission.file_name
