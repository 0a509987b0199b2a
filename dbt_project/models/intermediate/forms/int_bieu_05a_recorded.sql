-- Generated from ingestion/forms/bieu_05a.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_05a')) }}
  where {{ is_not_held(ref('int_bieu_05a_finding')) }}
