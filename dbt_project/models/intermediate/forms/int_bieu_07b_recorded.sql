-- Generated from ingestion/forms/bieu_07b.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_07b')) }}
  where {{ is_not_held(ref('int_bieu_07b_finding')) }}
