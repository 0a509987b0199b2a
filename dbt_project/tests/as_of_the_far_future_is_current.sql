-- What the table macros say of the far future is what is current, row for row.
{% set siblings = {
  'organisation_count_as_of': ('fct_organisation_count', []),
  'organisation_event_as_of': ('fct_organisation_event', []),
  'membership_as_of': ('fct_membership', []),
  'fund_position_as_of': ('fct_fund_position', []),
  'fund_loan_as_of': ('fct_fund_loan', []),
  'trade_fair_as_of': ('fct_trade_fair', []),
  'trade_fair_participation_as_of': ('fct_trade_fair_participation', ['cooperative_key']),
  'contract_as_of': ('fct_contract', []),
} %}
{% set dimensions = {
  'cooperative_as_of': ('dim_cooperative', ['last_listed_period_code']),
  'member_as_of': ('dim_member', []),
  'fund_as_of': ('dim_fund', []),
} %}
{% for macro, (table, left_out) in siblings.items() %}
(
  select
    '{{ macro }}' as macro_name,
    known.row_id
  from (
    select * from marts.{{ macro }}('9999-01-01')
    except all
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %} from {{ ref(table) }} where is_current
  ) as known
)
union all
(
  select
    '{{ macro }}' as macro_name,
    stated.row_id
  from (
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %} from {{ ref(table) }} where is_current
    except all
    select * from marts.{{ macro }}('9999-01-01')
  ) as stated
)
union all
{% endfor %}
{% for macro, (table, left_out) in dimensions.items() %}
(
  select
    '{{ macro }}' as macro_name,
    known.row_id
  from (
    select * from marts.{{ macro }}('9999-01-01')
    except all
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %} from {{ ref(table) }}
  ) as known
)
union all
(
  select
    '{{ macro }}' as macro_name,
    stated.row_id
  from (
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %} from {{ ref(table) }}
    except all
    select * from marts.{{ macro }}('9999-01-01')
  ) as stated
)
{{ 'union all' if not loop.last }}
{% endfor %}
