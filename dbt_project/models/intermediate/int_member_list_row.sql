{{ config(materialized='cached_view') }}
{{ recorded_rows(ref('stg_bieu_03'), ref('int_member_list')) }}
where {{ is_not_held(ref('int_bieu_03_finding')) }}
