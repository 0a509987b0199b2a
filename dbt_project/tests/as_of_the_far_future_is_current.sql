-- The table macros of dimensions return the rows of the dimensions for the far future. Macros of facts are checked when
-- they are created (assert_future_is_current).
{% set dimensions = {
  'cooperative_as_of': ('dim_cooperative', ' exclude (last_listed_period_code)'),
  'member_as_of': ('dim_member', ''),
  'fund_as_of': ('dim_fund', ''),
} %}
{% for macro, (table, exclude) in dimensions.items() %}
select '{{ macro }}' as macro_name
where
  {{ content_of("(select * from marts." ~ macro ~ "('9999-01-01'))") }}
  <> {{ content_of('(select *' ~ exclude ~ ' from ' ~ ref(table) ~ ')') }}
{{ 'union all' if not loop.last }}
{% endfor %}
