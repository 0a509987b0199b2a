-- Generated from ingestion/forms/bieu_14a.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_14a')) }}
  where {{ is_not_held(ref('int_bieu_14a_finding')) }}
