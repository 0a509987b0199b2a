-- Generated from ingestion/forms/bieu_02.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_02')) }}
  where {{ is_not_held(ref('int_bieu_02_finding')) }}
