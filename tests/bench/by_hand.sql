-- Five tables of the warehouse by hand, straight from the raw zone's files: what an analyst would write in an afternoon.
-- Current figures only: no as-of, no rules that hold a submission, no evidence of ranges, no tests. {raw} is the folder.
create table artifact as
select artifact_sha256, reading, batch_id, submitter, period, revision, received_at
from (
  select * from read_parquet('{raw}/_artifacts/*.parquet', union_by_name = true)
  qualify row_number() over (partition by artifact_sha256 order by reading desc) = 1
)
where kind = 'workbook' and outcome in ('accepted', 'partial') and revision is not null;

create table statement as
select
  artifact.*,
  sheet.form,
  case when period >= '2025-07' then '34-' else '63-' end || submitter as province_key
from artifact
inner join (
  select distinct artifact_sha256, reading, form from read_parquet('{raw}/_sheets/*.parquet', union_by_name = true)
  where outcome in ('accepted', 'partial') and form is not null
) as sheet using (artifact_sha256, reading)
qualify
  row_number() over (
    partition by submitter, period, sheet.form order by revision desc, received_at desc, artifact_sha256 desc
  ) = 1;

create table fct_organisation_count as
select
  rows_read.row_id, statement.province_key, statement.period as period_code, rows_read.org_type as org_type_code,
  rows_read.sector as sector_code, opening_count, founded_count, converted_in_count, dissolved_count,
  converted_out_count, closing_count, operating_count, stopped_count, member_count, worker_count
from read_parquet('{raw}/bieu_01/*.parquet', union_by_name = true) as rows_read
inner join statement
  on
    statement.form = 'BIEU_01'
    and statement.artifact_sha256 = rows_read.artifact_sha256
    and statement.reading = rows_read.reading
    and statement.batch_id = rows_read.batch_id
where rows_read.sector not in ('total', 'non_agriculture');

create table mart_national_overview as
with counted as (
  select *, case when sector_code = 'agriculture' then 'agriculture' else 'non_agriculture' end as part
  from fct_organisation_count
)

select
  period_code, org_type_code, coalesce(part, 'total') as sector_group, sum(opening_count) as opening_count,
  sum(founded_count) as founded_count, sum(dissolved_count) as dissolved_count, sum(closing_count) as closing_count,
  sum(operating_count) as operating_count, sum(member_count) as member_count,
  count(distinct province_key) as provinces_reported_count
from counted
group by grouping sets ((period_code, org_type_code, part), (period_code, org_type_code));

-- The register's last word on each organisation.
create table dim_cooperative as
select
  rows_read.org_code, rows_read.org_name, rows_read.tax_code, rows_read.org_type as org_type_code,
  rows_read.sector as sector_code, rows_read.status as status_code, statement.province_key, rows_read.founded_on,
  max(case when rows_read.event_kind = 'dissolved' then rows_read.event_on end)
    over (partition by rows_read.org_code) as dissolved_on,
  statement.period as last_listed_period_code
from read_parquet('{raw}/bieu_02/*.parquet', union_by_name = true) as rows_read
inner join statement
  on
    statement.form = 'BIEU_02'
    and statement.artifact_sha256 = rows_read.artifact_sha256
    and statement.reading = rows_read.reading
    and statement.batch_id = rows_read.batch_id
qualify row_number() over (partition by rows_read.org_code order by statement.period desc) = 1;

create table fct_membership as
select
  rows_read.row_id, rows_read.member_id as member_key, rows_read.org_code, statement.province_key,
  statement.period as period_code, rows_read.member_kind as member_kind_code, rows_read.sex as sex_code,
  rows_read.birth_year, rows_read.joined_on, rows_read.left_on, rows_read.capital_contributed_vnd
from read_parquet('{raw}/bieu_03/*.parquet', union_by_name = true) as rows_read
inner join statement
  on
    statement.form = 'BIEU_03'
    and statement.artifact_sha256 = rows_read.artifact_sha256
    and statement.reading = rows_read.reading
    and statement.batch_id = rows_read.batch_id
qualify
  row_number() over (
    partition by rows_read.member_id, rows_read.org_code, rows_read.joined_on order by statement.period desc
  ) = 1;

create table fct_fund_loan as
select
  rows_read.row_id, rows_read.loan_code, rows_read.fund_code, statement.province_key, statement.period as period_code,
  rows_read.borrower_code, rows_read.principal_vnd, rows_read.disbursed_vnd, rows_read.repaid_vnd,
  rows_read.outstanding_vnd, rows_read.overdue_vnd, rows_read.debt_group as debt_group_number
from read_parquet('{raw}/bieu_04b/*.parquet', union_by_name = true) as rows_read
inner join statement
  on
    statement.form = 'BIEU_04B'
    and statement.artifact_sha256 = rows_read.artifact_sha256
    and statement.reading = rows_read.reading
    and statement.batch_id = rows_read.batch_id;
