-- As known today; what was known earlier: member_as_of().
{{ latest_member('known.is_current', ref('fct_membership'), ref('dim_period')) }}
