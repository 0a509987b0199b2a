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


{#- The findings in the rows of the forms: one row per check not passed each. -#}
{% macro finding_relations() -%}
  {{ return([
    'int_bieu_01_finding',
    'int_bieu_02_finding',
    'int_bieu_03_finding',
    'int_bieu_04a_finding',
    'int_bieu_04b_finding',
    'int_bieu_05a_finding',
    'int_bieu_05b_finding',
    'int_bieu_05c_finding',
    'int_bieu_06_finding',
    'int_bieu_07a_finding',
    'int_bieu_07b_finding',
    'int_bieu_07c_finding',
    'int_bieu_07d_finding',
    'int_bieu_08_finding',
    'int_bieu_09_finding',
    'int_bieu_10_finding',
    'int_bieu_11_finding',
    'int_bieu_12_finding',
    'int_bieu_13_finding',
    'int_bieu_14a_finding',
    'int_bieu_14b_finding',
    'int_bieu_14c_finding',
    'int_bieu_15a_finding',
    'int_bieu_15b_finding',
  ]) }}
{%- endmacro %}
