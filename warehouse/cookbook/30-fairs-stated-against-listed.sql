-- vi: Số nêu của hội chợ có khớp danh sách kèm theo không?
-- en: Do the totals of a fair match its lists?
-- grain: one row per fair that differs
-- mind: Gian hàng của đơn vị không phải HTX không có trong danh sách: lệch gian hàng chưa phải lỗi. / Booths of others than cooperatives are not listed.
select
  fair_name,
  province_name,
  period_code,
  cooperative_participant_count as participants_stated_count,
  listed_participant_count as participants_listed_count,
  booth_count as booths_stated_count,
  listed_booth_count as booths_listed_count,
  contract_count as contracts_stated_count,
  listed_contract_count as contracts_listed_count,
  contract_value_vnd as value_stated_vnd,
  listed_contract_value_vnd as value_listed_vnd
from mart_trade_fair_results
where
  cooperative_participant_count <> listed_participant_count
  or contract_count <> listed_contract_count
  or contract_value_vnd <> listed_contract_value_vnd
order by fair_name, fair_code
