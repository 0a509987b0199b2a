-- What the table macros of dimensions return for the far future is what the dimensions hold, row for row. Siblings of
-- facts are checked when they are made (assert_future_is_current).
{% set dimensions = {
  'cooperative_as_of': ('dim_cooperative', ['last_listed_period_code']),
  'member_as_of': ('dim_member', []),
  'fund_as_of': ('dim_fund', []),
} %}
{% for macro, (table, left_out) in dimensions.items() %}
select
  '{{ macro }}' as macro_name,
  known.content as known_content,
  held.content as held_content
from (
  select {{ content_of_group('known') }} as content
  from (select * from marts.{{ macro }}('9999-01-01')) as known
) as known
cross join (
  select {{ content_of_group('held') }} as content
  from (
    select * {% if left_out %}exclude ({{ left_out | join(', ') }}){% endif %}
    from {{ ref(table) }}
  ) as held
) as held
where known.content <> held.content
{{ 'union all' if not loop.last }}
{% endfor %}
