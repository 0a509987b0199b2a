-- As known today; what was known earlier: member_as_of(). In the order of the key: its index is built twice as fast.
select *
from (
  {{ latest_member('known.is_current', ref('fct_membership'), ref('dim_period')) }}
)
order by member_key
