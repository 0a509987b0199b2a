-- Generated from ingestion/forms/bieu_08.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_08')) }}
  where {{ is_not_held(ref('int_bieu_08_finding')) }}
