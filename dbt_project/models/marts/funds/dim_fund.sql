-- As known today; what was known earlier: fund_as_of().
{{ latest_fund('known.is_current', ref('fct_fund_position'), ref('dim_period')) }}
