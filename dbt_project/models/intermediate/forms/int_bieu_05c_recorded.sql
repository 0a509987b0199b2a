-- Generated from ingestion/forms/bieu_05c.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_05c')) }}
  where {{ is_not_held(ref('int_bieu_05c_finding')) }}
