{{ config(materialized='cached_view', tags=['audited']) }}
select * from {{ source('audit', 'anomalies') }}
