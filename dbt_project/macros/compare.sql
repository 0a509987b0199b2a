{#
  One comparison of a rule: a select of the columns that residuals_of() reads. Several are combined by `union all`. The
  body of the call is the `from` clause:

      {% call compare(
        'claim_article.list_length', grain={'list': 'listed.list_key'}, subject="'Số mục: ' || listed.noun",
        expected='listed.stated_count', actual='listed.item_count', ...
      ) %}
        from listed
      {% endcall %}

  rule       id of the rule, or `rule_id=` an SQL expression where one select serves several rules
  grain      name and SQL expression of each part of the grain, in order; or SQL
  expected   the norm by the kind of the rule: the figure itself, the floor or the ceiling; 0 where nothing of the kind
             may be found (`none`), 1 where a statement must hold (`holds`). `actual` is what was found.
  reason     SQL: why the two cannot be compared, else null. Where only a side is null, missing_side of the rule is shown.
  precision  SQL: the difference that a claim's words allow, for rules with `claim_precision`

  subject, expected, actual, their evidence (JSON lists), province, period and artifact are SQL as well; detail is name
  and SQL of each of its values.
#}
{% macro compare(
  rule=none, grain={}, subject='', expected='', actual='', expected_evidence=none, actual_evidence=none, reason=none,
  precision='0', province=none, period=none, artifact=none, detail=none, rule_id=none
) -%}
  {%- set no_text = 'cast(null as varchar)' -%}
  {%- set parts = [] -%}
  {%- for name, value in (grain.items() if grain is mapping else []) -%}
    {%- do parts.append("'" ~ name ~ "=' || " ~ value) -%}
  {%- endfor -%}
  select
    {{ rule_id or "'" ~ rule ~ "'" }} as rule_id,
    {{ parts | join(" || '|' || ") or grain }} as grain,
    {{ province or no_text }} as province_key,
    {{ period or no_text }} as period_code,
    {{ subject }} as subject,
    {{ expected }} as expected,
    {{ actual }} as actual,
    {{ precision }} as claim_precision,
    {{ reason or no_text }} as not_comparable_reason,
    {{ expected_evidence or no_text }} as expected_evidence,
    {{ actual_evidence or no_text }} as actual_evidence,
    {{ artifact or no_text }} as artifact_sha256,
    {{ 'cast(' ~ json_of(detail) ~ ' as varchar)' if detail else no_text }} as detail
  {{ caller() }}
{%- endmacro %}


{#
  The same for rows of a province's report: `row` has province_key, period_code, period_name_vi and artifact_sha256.
  Without a body only `row` is read.

  key, measure   the grain: province, period, the parts of `key` (columns, or SQL) and the measure
  every_revision readable rows, superseded ones too: the grain has the revision and the file
  title, about   the subject: "<title>: <about>, …, <period>"; the title is text, or SQL; `about` are columns, or SQL.
                 `note` is SQL of a text after that; names_period=false where the title has the period
  expected, actual   columns of the row, summed ('-repaid_vnd' is subtracted): their cells are the evidence. Or SQL.
#}
{% macro compare_reported(
  rule=none, row='', title='', about=[], expected='', actual='', key={}, measure=none, every_revision=false,
  expected_evidence=none, actual_evidence=none, note=none, names_period=true, reason=none, precision='0', detail=none,
  artifact=none, rule_id=none
) -%}
  {%- set grain = {'province': row ~ '.province_key', 'period': row ~ '.period_code'} -%}
  {%- for name, column in key.items() -%}
    {%- do grain.update({name: column_of(row, column)}) -%}
  {%- endfor -%}
  {%- if measure -%}{%- do grain.update({'measure': "'" ~ measure ~ "'"}) -%}{%- endif -%}
  {%- if every_revision -%}
    {%- do grain.update({'revision': row ~ '.revision', 'artifact': 'left(' ~ row ~ '.artifact_sha256, 16)'}) -%}
  {%- endif -%}
  {%- set words = [] -%}
  {%- for column in about -%}{%- do words.append(column_of(row, column)) -%}{%- endfor -%}
  {%- if names_period -%}{%- do words.append(mid_sentence(row ~ '.period_name_vi')) -%}{%- endif -%}
  {%- set source = caller() if caller else 'from ' ~ row -%}
  {%- call compare(
    rule, grain, (title if "'" in title or ' ' not in title else "'" ~ title ~ "'") ~ " || ': ' || "
    ~ words | join(" || ', ' || ") ~ (' || ' ~ note if note else ''), sum_of(row, expected), sum_of(row, actual),
    expected_evidence or cells_of(row, expected), actual_evidence or cells_of(row, actual), reason, precision,
    row ~ '.province_key', row ~ '.period_code', artifact or row ~ '.artifact_sha256', detail, rule_id
  ) -%}
    {{ source }}
  {%- endcall -%}
{%- endmacro %}


{#- A column of the row where only its name is given, else the SQL that is given. -#}
{% macro column_of(row, column) -%}
  {{ return(row ~ '.' ~ column if modules.re.fullmatch('[a-z_0-9]+', column) else column) }}
{%- endmacro %}


{#- A list of columns as a sum; SQL as it is. -#}
{% macro sum_of(row, side) -%}
  {%- if side is string -%}{{ return(side) }}{%- endif -%}
  {%- set terms = [] -%}
  {%- for column in side -%}
    {%- do terms.append(('- ' if column.startswith('-') else '+ ') ~ row ~ '.' ~ column.lstrip('-')) -%}
  {%- endfor -%}
  {{ return((terms | join(' ')).removeprefix('+ ')) }}
{%- endmacro %}


{#- The cells of a list of columns as evidence; nothing for SQL. -#}
{% macro cells_of(row, side) -%}
  {%- if side is string -%}{{ return(none) }}{%- endif -%}
  {%- set cells = [] -%}
  {%- for column in side -%}{%- do cells.append(evidence_cell(row, column.lstrip('-'))) -%}{%- endfor -%}
  {{ return(json_list(cells)) }}
{%- endmacro %}
