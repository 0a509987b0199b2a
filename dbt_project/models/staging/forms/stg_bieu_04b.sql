-- Generated from ingestion/forms/bieu_04b.yml: change that file, then run `htx form check`.
select
  rows_read.row_id,
  rows_read.artifact_sha256,
  rows_read.sheet,
  rows_read.row_number,
  rows_read.form,
  rows_read.form_version,
  rows_read.loan_code,
  rows_read.fund_code,
  rows_read.borrower_code,
  rows_read.borrower_kind as borrower_kind_code,
  rows_read.purpose,
  rows_read.project_cost_vnd,
  rows_read.own_capital_vnd,
  rows_read.principal_vnd,
  rows_read.signed_on,
  rows_read.due_on,
  rows_read.rate_per_year_pct,
  rows_read.disbursed_vnd,
  rows_read.repaid_vnd,
  rows_read.written_off_vnd,
  rows_read.outstanding_vnd,
  rows_read.overdue_vnd,
  rows_read.debt_group,
  rows_read.security_kind as security_kind_code
from {{ source('raw', 'bieu_04b') }} as rows_read
inner join {{ ref('stg_artifact') }} as latest
  on
    rows_read.artifact_sha256 = latest.artifact_sha256
    and rows_read.reading = latest.reading
    and rows_read.batch_id = latest.batch_id
