-- vi: Hội chợ nào ký được nhiều hợp đồng nhất trên mỗi gian hàng?
-- en: Which fairs signed most contracts per booth?
-- grain: one row per fair
-- mind: Mỗi hội chợ một dòng, dù nhiều kỳ báo cáo nêu nó. / One row per fair, however many reports name it.
select
  fair_name,
  province_name,
  started_on,
  booth_count,
  contract_count,
  round(contracts_per_booth, 3) as contracts_per_booth,
  contract_value_vnd,
  contract_value_per_booth_vnd,
  sales_vnd
from mart_trade_fair_results
order by contracts_per_booth desc nulls last, contract_value_per_booth_vnd desc nulls last, fair_code
