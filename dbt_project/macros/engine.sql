{#
  Engine differences, each behind a dispatched macro: a port to another engine adds `<adapter>__<name>` here and
  nowhere else.
#}

{#- Text folded for comparison of names, without case, tones and punctuation: 'dong bang song cuu long'. -#}
{% macro fold_text(expression) -%}
  {{ return(adapter.dispatch('fold_text')(expression)) }}
{%- endmacro %}

{% macro default__fold_text(expression) -%}
  trim(regexp_replace(replace(strip_accents(lower({{ expression }})), 'đ', 'd'), '[^a-z0-9]+', ' ', 'g'))
{%- endmacro %}


{#- The day in Vietnam (UTC+7, no daylight saving) of a moment in UTC: due days and vintages are such days. -#}
{% macro vietnam_day(moment) -%}
  {{ return(adapter.dispatch('vietnam_day')(moment)) }}
{%- endmacro %}

{% macro default__vietnam_day(moment) -%}
  cast({{ moment }} + interval 7 hour as date)
{%- endmacro %}


{#- One row per day from `first` to `last` (date literals), column `day`. -#}
{% macro day_series(first, last) -%}
  {{ return(adapter.dispatch('day_series')(first, last)) }}
{%- endmacro %}

{% macro default__day_series(first, last) -%}
  select cast(d.generate_series as date) as day
  from generate_series(timestamp '{{ first }}', timestamp '{{ last }}', interval 1 day) as d
{%- endmacro %}


{#- The items of a text separated by bars, one row each: use in a select list. -#}
{% macro unnest_bars(expression) -%}
  {{ return(adapter.dispatch('unnest_bars')(expression)) }}
{%- endmacro %}

{% macro default__unnest_bars(expression) -%}
  unnest(string_split({{ expression }}, '|'))
{%- endmacro %}


{#- A JSON object from a dict of key -> SQL expression. -#}
{% macro json_of(pairs) -%}
  {{ return(adapter.dispatch('json_of')(pairs)) }}
{%- endmacro %}

{% macro default__json_of(pairs) -%}
  json_object({% for key, value in pairs.items() %}'{{ key }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{#- A JSON array of scalar JSON expressions, in the order given. -#}
{% macro json_list(items) -%}
  {{ return(adapter.dispatch('json_list')(items)) }}
{%- endmacro %}

{% macro default__json_list(items) -%}
  cast(json_array({{ items | join(', ') }}) as varchar)
{%- endmacro %}


{#-
  A JSON array of `item` over the rows of a group, in the order of `order_by` (expressions, ascending), with at most
  `var('evidence_limit')` items and then {"more": k}; memory does not grow with the group. `where` restricts the rows
  that count. An aggregate: needs a group by.
-#}
{% macro json_list_agg(item, order_by, where='true') -%}
  {{ return(adapter.dispatch('json_list_agg')(item, order_by, where)) }}
{%- endmacro %}

{% macro default__json_list_agg(item, order_by, where) -%}
  cast(to_json(
    case
      when count(*) filter (where {{ where }}) > {{ var('evidence_limit') }}
        then list_append(
          arg_min({{ item }}, row({{ order_by }}), {{ var('evidence_limit') }}) filter (where {{ where }}),
          json_object('more', count(*) filter (where {{ where }}) - {{ var('evidence_limit') }})
        )
      else coalesce(
        arg_min({{ item }}, row({{ order_by }}), {{ var('evidence_limit') }}) filter (where {{ where }}), []
      )
    end
  ) as varchar)
{%- endmacro %}


{#- Similarity of two folded texts, 0 to 1 (Jaro-Winkler). Symmetric, and equal on every engine. -#}
{% macro similarity(one, two) -%}
  {{ return(adapter.dispatch('similarity')(one, two)) }}
{%- endmacro %}

{% macro default__similarity(one, two) -%}
  jaro_winkler_similarity({{ one }}, {{ two }})
{%- endmacro %}


{#- The numbers in a folded text, joined: 'so 2 xom 10' gives '2 10'. Names with different numbers always differ. -#}
{% macro numbers_in(expression) -%}
  {{ return(adapter.dispatch('numbers_in')(expression)) }}
{%- endmacro %}

{% macro default__numbers_in(expression) -%}
  array_to_string(regexp_extract_all({{ expression }}, '[0-9]+'), ' ')
{%- endmacro %}


{#- The items of a list, one row each, with their positions from 1: use in a select list. -#}
{% macro unnest_numbered(expression, item, place) -%}
  {{ return(adapter.dispatch('unnest_numbered')(expression, item, place)) }}
{%- endmacro %}

{% macro default__unnest_numbered(expression, item, place) -%}
  unnest({{ expression }}) as {{ item }},
    generate_subscripts({{ expression }}, 1) as {{ place }}
{%- endmacro %}


{#- A hash of a combination of columns. -#}
{% macro key_hash(columns) -%}
  {{ return(adapter.dispatch('key_hash')(columns)) }}
{%- endmacro %}

{% macro default__key_hash(columns) -%}
  hash({{ columns | join(', ') }})
{%- endmacro %}
