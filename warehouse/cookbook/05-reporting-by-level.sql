-- vi: Báo cáo đi qua từng cấp thế nào: bao nhiêu HTX gửi tỉnh, bao nhiêu tỉnh gửi VCA?
-- en: How did reporting go at each level: organisations to provinces, provinces to VCA?
-- grain: one row per period × level
-- set: period_type = month, quarter, half_year, year; mặc định mọi loại / by default all
-- mind: Cấp HTX do tỉnh tự báo ở Biểu 15A; tỉnh không nêu thì không biết (unknown), không phải 0. / The level of organisations is what provinces state in BIEU_15A; unknown is not 0.
select
  period_code,
  sender_level,
  sum(expected_sender_count) as expected_count,
  sum(received_sender_count) as received_count,
  sum(in_time_sender_count) as in_time_count,
  round(100.0 * sum(received_sender_count) / nullif(sum(expected_sender_count), 0), 1) as received_pct,
  count(*) filter (where compliance_status = 'unknown') as unknown_province_count
from mart_reporting_compliance
where period_type = coalesce(getvariable('period_type'), period_type)
group by period_code, sender_level
order by period_code desc, sender_level
