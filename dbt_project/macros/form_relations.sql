{#- Generated from ingestion/forms/*.yml: change that file, then run `htx form check`. -#}
{#- The staging relations of the forms: one row per row of a workbook each. -#}
{% macro form_relations() -%}
  {{ return([
    'stg_thong_tin',
    'stg_bieu_01',
    'stg_bieu_02',
    'stg_bieu_03',
    'stg_bieu_04a',
    'stg_bieu_04b',
    'stg_bieu_05a',
    'stg_bieu_05b',
    'stg_bieu_05c',
    'stg_bieu_06',
    'stg_bieu_07a',
    'stg_bieu_07b',
    'stg_bieu_07c',
    'stg_bieu_07d',
    'stg_bieu_08',
    'stg_bieu_09',
    'stg_bieu_10',
    'stg_bieu_11',
    'stg_bieu_12',
    'stg_bieu_13',
    'stg_bieu_14a',
    'stg_bieu_14b',
    'stg_bieu_14c',
    'stg_bieu_15a',
    'stg_bieu_15b',
  ]) }}
{%- endmacro %}
