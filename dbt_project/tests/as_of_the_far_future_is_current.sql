-- The as-of macros for the far future return the current rows, row for row.
-- depends_on: {{ ref('dim_cooperative_history') }}
-- depends_on: {{ ref('dim_period') }}
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
-- Rows are compared by count and sum of hashes, so six million of them need no sorting.
{% set all = namespace(pairs=[]) %}
{% for macro, (table, left_out) in siblings.items() %}
  {% set all.pairs = all.pairs + [(macro, table, left_out, 'is_current')] %}
{% endfor %}
{% for macro, (table, left_out) in dimensions.items() %}
  {% set all.pairs = all.pairs + [(macro, table, left_out, 'true')] %}
{% endfor %}
with as_of as (
  {% for macro, table, left_out, condition in all.pairs %}
  select
    '{{ macro }}' as macro_name,
    count(*) as row_count,
    sum(hash(known)) as content
  from (select * from marts.{{ macro }}('9999-01-01')) as known
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

current_rows as (
  {% for macro, table, left_out, condition in all.pairs %}
  select
    '{{ macro }}' as macro_name,
    count(*) as row_count,
    sum(hash(stated)) as content
  from (
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %}
    from {{ ref(table) }}
    where {{ condition }}
  ) as stated
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  as_of.macro_name,
  as_of.row_count,
  current_rows.row_count as current_row_count
from as_of
inner join current_rows on as_of.macro_name = current_rows.macro_name
where (as_of.row_count, as_of.content) is distinct from (current_rows.row_count, current_rows.content)
