with cited as (
  select *
  from {{ ref('int_document_citation') }}
  where is_current
),

counted as (
  select
    document_key,
    min(symbol) as symbol,
    min(document_year) as document_year,
    min(kind_code) as kind_code,
    min(document_number) as document_number,
    min(issuer_code) as issuer_code,
    -- The title in its most frequent wording.
    mode(title order by title) as title,
    count(distinct cited_on) as cited_date_count,
    string_agg(distinct strftime(cited_on, '%Y-%m-%d'), ', ' order by strftime(cited_on, '%Y-%m-%d')) as cited_dates,
    min(published_on) as first_cited_on,
    count(*) as citation_count,
    count(distinct report_id) as report_count
  from cited
  group by document_key
),

registered as (
  select
    *,
    symbol || ' (' || coalesce(cast(year as varchar), '?') || ')' as document_key
  from {{ ref('documents') }}
),

named as (
  select
    coalesce(counted.document_key, registered.document_key) as document_key,
    coalesce(registered.symbol, counted.symbol) as symbol,
    coalesce(registered.kind, counted.kind_code) as kind_code,
    coalesce(counted.document_number, nullif(regexp_extract(registered.symbol, '^\d+'), '')) as document_number,
    coalesce(registered.year, counted.document_year) as document_year,
    coalesce(registered.issuer, counted.issuer_code) as issuer_code,
    coalesce(registered.title, counted.title) as title,
    registered.issued_on,
    coalesce(registered.status, 'unregistered') as register_status,
    registered.superseded_by as superseded_by_symbol,
    registered.source_note,
    counted.cited_dates,
    coalesce(counted.cited_date_count, 0) as cited_date_count,
    counted.first_cited_on,
    coalesce(counted.citation_count, 0) as citation_count,
    coalesce(counted.report_count, 0) as report_count,
    registered.symbol is not null as is_registered
  from counted
  full outer join registered on counted.document_key = registered.document_key
)

select
  named.document_key,
  named.symbol,
  named.kind_code,
  kind.name_vi as kind_name_vi,
  named.document_number,
  named.document_year,
  named.issuer_code,
  issuer.name_vi as issuer_name_vi,
  named.title,
  named.issued_on,
  named.register_status,
  named.superseded_by_symbol,
  named.source_note,
  named.cited_dates,
  named.cited_date_count,
  named.first_cited_on,
  named.citation_count,
  named.report_count,
  named.is_registered
from named
left join {{ ref('document_kinds') }} as kind on named.kind_code = kind.code
left join {{ ref('document_issuers') }} as issuer on named.issuer_code = issuer.code
