-- vi: HTX nào tham gia nhiều hội chợ và ký nhiều hợp đồng nhất?
-- en: Which cooperatives take part in most fairs and sign most contracts?
-- grain: one row per cooperative
with took_part as (
  select org_code, count(distinct fair_code) as fair_count, sum(sales_vnd) as sales_vnd
  from fct_trade_fair_participation
  where is_current and org_code is not null
  group by org_code
),

signed as (
  select org_code, count(*) as contract_count, sum(value_vnd) as contract_value_vnd
  from fct_contract
  where is_current and fair_code is not null and org_code is not null
  group by org_code
)

select
  took_part.org_code,
  cooperative.org_name,
  took_part.fair_count,
  took_part.sales_vnd,
  coalesce(signed.contract_count, 0) as contract_count,
  coalesce(signed.contract_value_vnd, 0) as contract_value_vnd
from took_part
left join signed using (org_code)
left join dim_cooperative as cooperative on cooperative.org_code = took_part.org_code and cooperative.is_latest_version
order by contract_count desc, fair_count desc, took_part.org_code
limit 50
