-- Generated from ingestion/forms/bieu_01.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_01')) }}
  where {{ is_not_held(ref('int_bieu_01_finding')) }}
