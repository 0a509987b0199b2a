-- vi: Đào tạo được bao nhiêu người, cho đối tượng nào, bao nhiêu là nữ?
-- en: How many persons were trained, for whom, and how many were women?
-- grain: one row per year × audience
-- mind: Tỷ lệ nữ của từng tỉnh: female_share_pct, chỉ trên lớp có ghi giới. / A share of women is in mart_training, over courses that state the sex.
-- mind: Bản công khai để trống số người dưới ngưỡng; tổng là mức tối thiểu. / Public: counts below the threshold are blank, sums are minimums.
select
  year_number,
  audience_name_vi,
  sum(course_count) as course_count,
  sum(participant_count) as participant_count,
  sum(female_count) as female_count,
  sum(ethnic_minority_count) as ethnic_minority_count,
  sum(state_funding_vnd) as state_funding_vnd,
  round(sum(state_funding_vnd) / nullif(sum(participant_count), 0), 0) as state_funding_per_participant_vnd
from mart_training
group by year_number, audience_code, audience_name_vi
order by year_number desc, participant_count desc, audience_code
