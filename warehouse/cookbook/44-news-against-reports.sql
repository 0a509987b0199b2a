-- vi: Tin bài nào nói khác báo cáo của tỉnh, ngoài độ chính xác của chính bài?
-- en: Which articles say other than the reports, beyond their own precision?
-- grain: one row per claim
-- mind: Bài đăng lại không tính lần nữa: copy_count. / Copies are not counted again.
select
  url,
  published_on,
  quote,
  geography,
  period_code,
  claimed_value,
  reported_value,
  difference,
  tolerance,
  copy_count
from mart_news_against_reports
where outcome = 'fail'
order by published_on desc, url, quote
