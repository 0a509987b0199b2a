-- Generated from ingestion/forms/bieu_14b.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_14b')) }}
  where {{ is_not_held(ref('int_bieu_14b_finding')) }}
