-- The document of each citation. A number is unique within a year: the year comes from the symbol, the date beside
-- it, the article's other citations of the same symbol, the register, or the only year in any citation; in that order.
with cited as (
  select
    document.*,
    article.url,
    article.copy_urls,
    article.report_id,
    article.published_on,
    article.published_at,
    article.is_current,
    article.is_original
  from {{ ref('stg_news_document') }} as document
  inner join {{ ref('int_news_article') }} as article on document.artifact_sha256 = article.artifact_sha256
),

register as (
  select
    symbol,
    kind,
    year,
    aliases
  from {{ ref('documents') }}
),

alias as (
  select
    symbol,
    {{ unnest_bars('aliases') }} as alias
  from register
  where aliases is not null
),

-- "Nghị quyết 13": the one resolution of that number that the article names in full, else the one of the register.
full_in_article as (
  select
    artifact_sha256,
    kind_code,
    document_number,
    min(symbol) as symbol
  from cited
  where symbol is not null
  group by artifact_sha256, kind_code, document_number
  having count(distinct symbol) = 1
),

full_in_register as (
  select
    kind as kind_code,
    regexp_extract(symbol, '^\d+') as document_number,
    min(symbol) as symbol
  from register
  group by kind, regexp_extract(symbol, '^\d+')
  having count(distinct symbol) = 1
),

named as (
  select
    cited.*,
    coalesce(alias.symbol, cited.symbol, in_article.symbol, in_register.symbol) as full_symbol,
    case
      when alias.symbol is not null then null
      else coalesce(
        cited.symbol_year,
        try_cast(regexp_extract(coalesce(in_article.symbol, in_register.symbol), '/((19|20)\d\d)/', 1) as integer),
        cast(year(cited.cited_on) as integer)
      )
    end as own_year
  from cited
  left join alias on cited.symbol = alias.alias
  left join full_in_article as in_article
    on
      cited.symbol is null
      and cited.artifact_sha256 = in_article.artifact_sha256
      and cited.kind_code = in_article.kind_code
      and cited.document_number = in_article.document_number
  left join full_in_register as in_register
    on
      cited.symbol is null
      and cited.kind_code = in_register.kind_code
      and cited.document_number = in_register.document_number
),

year_in_article as (
  select
    artifact_sha256,
    full_symbol,
    min(own_year) as year
  from named
  where own_year is not null
  group by artifact_sha256, full_symbol
  having count(distinct own_year) = 1
),

year_in_register as (
  select
    symbol as full_symbol,
    min(year) as year
  from register
  group by symbol
  having count(distinct year) = 1
),

year_anywhere as (
  select
    full_symbol,
    min(own_year) as year
  from named
  where own_year is not null
  group by full_symbol
  having count(distinct own_year) = 1
),

dated as (
  select
    named.*,
    coalesce(named.own_year, in_article.year, in_register.year, anywhere.year) as document_year
  from named
  left join year_in_article as in_article
    on
      named.artifact_sha256 = in_article.artifact_sha256
      and named.full_symbol = in_article.full_symbol
  left join year_in_register as in_register on named.full_symbol = in_register.full_symbol
  left join year_anywhere as anywhere on named.full_symbol = anywhere.full_symbol
)

select
  citation_id,
  artifact_sha256,
  url,
  copy_urls,
  report_id,
  published_on,
  published_at,
  is_current,
  is_original,
  coalesce(full_symbol, kind_code || ' ' || document_number, symbol_written)
  || ' (' || coalesce(cast(document_year as varchar), '?') || ')' as document_key,
  full_symbol as symbol,
  document_year,
  symbol_year,
  kind_code,
  kind_text,
  document_number,
  symbol_written,
  issuer_code,
  issuer_text,
  cited_on,
  date_text,
  title,
  coalesce(is_own, false) as is_own,
  quote,
  quote_start,
  quote_end
from dated
