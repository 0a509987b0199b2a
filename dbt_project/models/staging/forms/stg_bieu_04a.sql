-- Generated from ingestion/forms/bieu_04a.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.fund_code,
  rows_read.fund_name,
  rows_read.fund_model as fund_model_code,
  rows_read.charter_registered_vnd,
  rows_read.charter_paid_vnd,
  rows_read.equity_vnd,
  rows_read.other_sources_vnd,
  rows_read.opening_outstanding_vnd,
  rows_read.disbursed_vnd,
  rows_read.repaid_vnd,
  rows_read.written_off_vnd,
  rows_read.outstanding_vnd,
  rows_read.debt_group_1_vnd,
  rows_read.debt_group_2_vnd,
  rows_read.debt_group_3_vnd,
  rows_read.debt_group_4_vnd,
  rows_read.debt_group_5_vnd,
  rows_read.provision_vnd
from {{ source('raw', 'bieu_04a') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
