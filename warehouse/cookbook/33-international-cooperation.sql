-- vi: Đoàn ra, đoàn vào, chuyên gia, thỏa thuận quốc tế mỗi năm?
-- en: Delegations, experts and agreements per year?
-- grain: one row per year
-- mind: Bản công khai để trống số người dưới ngưỡng; tổng là mức tối thiểu. / Public: counts below the threshold are blank, sums are minimums.
select
  year_number,
  count(*) as province_count,
  sum(delegation_out_count) as delegation_out_count,
  sum(delegation_out_person_count) as delegation_out_person_count,
  sum(delegation_in_count) as delegation_in_count,
  sum(delegation_in_person_count) as delegation_in_person_count,
  sum(expert_stay_count) as expert_stay_count,
  sum(expert_day_count) as expert_day_count,
  sum(agreement_count) as agreement_count,
  sum(partner_funding_vnd) as partner_funding_vnd,
  sum(own_funding_vnd) as own_funding_vnd
from mart_international_cooperation
group by year_number
order by year_number desc
