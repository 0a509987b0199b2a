-- Generated from ingestion/forms/bieu_04b.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_04b')) }}
  where {{ is_not_held(ref('int_bieu_04b_finding')) }}
