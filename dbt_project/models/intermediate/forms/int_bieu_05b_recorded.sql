-- Generated from ingestion/forms/bieu_05b.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_05b')) }}
  where {{ is_not_held(ref('int_bieu_05b_finding')) }}
