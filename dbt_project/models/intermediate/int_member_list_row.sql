{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_03'), ref('int_member_list')) }}
