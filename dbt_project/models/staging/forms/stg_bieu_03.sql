-- Generated from ingestion/forms/bieu_03.yml: change that file, then run `htx form check`.
{{ config(materialized='cached_view') }}
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.org_code,
  rows_read.member_id as member_key,
  rows_read.member_kind as member_kind_code,
  rows_read.sex as sex_code,
  rows_read.birth_year,
  rows_read.joined_on,
  rows_read.left_on,
  rows_read.capital_contributed_vnd
from {{ source('raw', 'bieu_03') }} as rows_read
inner join {{ ref('stg_bieu_03_reading') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
