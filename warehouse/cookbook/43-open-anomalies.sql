-- vi: Còn những sai lệch nào, tỉnh nào phải sửa, từ bao giờ?
-- en: Which findings are open, who has to correct them, and since when?
-- grain: one row per province × rule
-- mind: Nhiều sai lệch cùng nguyên nhân là một phát hiện: đếm is_group_head. / Anomalies with one cause are one finding: count group heads.
select
  coalesce(province.province_name, 'cả nước / báo chí') as province_name,
  anomaly.rule_id,
  any_value(anomaly.title_vi) as title_vi,
  any_value(anomaly.severity) as severity,
  count(*) filter (where anomaly.is_group_head) as finding_count,
  count(*) as anomaly_count,
  min(anomaly.first_found_on) as oldest_on
from fct_anomaly as anomaly
left join dim_province as province using (province_key)
where anomaly.anomaly_status in ('open', 'reopened')
group by province.province_name, anomaly.rule_id
order by finding_count desc, province_name, anomaly.rule_id
