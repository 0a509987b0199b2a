{#- Evidence of a workbook's cell: file, sheet, row, column and value. `row` is a relation with lineage columns. -#}
{% macro evidence_cell(row, column, value=none) -%}
  {{ return(evidence_named_cell(row, "'" ~ column ~ "'", value if value is not none else row ~ '.' ~ column)) }}
{%- endmacro %}

{#- The same where the column's name is itself an expression. -#}
{% macro evidence_named_cell(row, column_expression, value) -%}
  {{ return(json_of({
    'artifact': row ~ '.artifact_sha256', 'file': row ~ '.file_name', 'sheet': row ~ '.sheet',
    'row': row ~ '.row_number', 'column': column_expression, 'value': value,
  })) }}
{%- endmacro %}

{#- Evidence of a claim: page, quote and its span, value, and the addresses where the report was printed again. -#}
{% macro evidence_claim(row) -%}
  {{ return(json_of({
    'artifact': row ~ '.artifact_sha256', 'url': row ~ '.url', 'quote': row ~ '.quote',
    'start': row ~ '.quote_start', 'end': row ~ '.quote_end', 'value': row ~ '.value', 'copies': row ~ '.copy_urls',
  })) }}
{%- endmacro %}

{#- A list of evidence, empty where the rows it is taken from are missing. -#}
{% macro evidence_where(condition, items) -%}
  {{ return('case when ' ~ condition ~ ' then ' ~ json_list(items) ~ ' end') }}
{%- endmacro %}
