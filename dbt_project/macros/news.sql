{#
  An address for comparison: without scheme, `www.`, fragment, index page and final slash. Gives 'vca.org.vn/tin-a1.html'.
  A key without a slash is a home page, not the address of an article.
-#}
{% macro page_key(expression) -%}
  regexp_replace(
    regexp_replace(lower(trim({{ expression }})), '^https?://(www\.)?|#.*$', '', 'g'), '/(index\.html?)?$', ''
  )
{%- endmacro %}


{#- Evidence of words in a page that contain no figure: page, quote and its span, addresses of its copies. -#}
{% macro evidence_quote(row) -%}
  {{ return(json_of({
    'artifact': row ~ '.artifact_sha256', 'url': row ~ '.url', 'quote': row ~ '.quote',
    'start': row ~ '.quote_start', 'end': row ~ '.quote_end', 'copies': row ~ '.copy_urls',
  })) }}
{%- endmacro %}


{#- A date in Vietnamese notation, or 'không rõ ngày'. -#}
{% macro day_text(expression) -%}
  coalesce(strftime({{ expression }}, '%d/%m/%Y'), 'không rõ ngày')
{%- endmacro %}


{#- The province that a claim is about; empty where it is about the country, a region or no place. -#}
{% macro province_of(claim) -%}
  case when {{ claim }}.geography_kind = 'province' then {{ claim }}.province_key end
{%- endmacro %}


{#-
  The largest difference of two claims about one figure with which both can be right, given their qualifiers (hơn, gần,
  khoảng). `one` and `other` are rows of int_claim.
-#}
{% macro claims_precision(one, other) -%}
  ({{ claim_precision(one, other ~ '.value') }}) + ({{ claim_precision(other, one ~ '.value') }})
{%- endmacro %}


{#- The columns of a claim that comparisons and their evidence need, for select lists and unions. -#}
{% macro claim_columns(row) -%}
  {% set columns = [
    'artifact_sha256', 'url', 'copy_urls', 'published_on', 'claim_id', 'list_id', 'sentence_number', 'indicator_code',
    'org_type_code', 'sector_code', 'claim_status', 'geography', 'geography_kind', 'folded_geography', 'province_key',
    'period_code', 'period_starts_on', 'period_ends_on', 'as_of_on', 'value', 'value_max', 'qualifier', 'half_digit',
    'is_derived', 'quote', 'quote_start', 'quote_end',
  ] %}
  {%- for column in columns %}
    {{ row }}.{{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
