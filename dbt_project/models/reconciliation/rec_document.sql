-- Dates and symbols of official documents as articles cite them: compared with each other, and with the register.
with cited as (
  select *
  from {{ ref('int_document_citation') }}
  where is_original
),

dated as (
  select
    *,
    first_value(cited_on) over (
      partition by document_key
      order by published_at asc nulls last, url asc, quote_start asc
    ) as first_cited_on
  from cited
  where cited_on is not null
),

citation_count as (
  select
    document_key,
    count(*) as citation_count
  from cited
  group by document_key
),

document_dates as (
  select
    dated.document_key,
    count(*) as dated_count,
    count(distinct dated.cited_on) as date_count,
    string_agg(distinct strftime(dated.cited_on, '%d/%m/%Y'), ', ' order by strftime(dated.cited_on, '%d/%m/%Y'))
      as date_list,
    {{ json_list_agg(
      evidence_quote('dated'), 'dated.published_at, dated.url, dated.quote_start', 'dated.cited_on = dated.first_cited_on'
    ) }} as first_evidence,
    {{ json_list_agg(
      evidence_quote('dated'), 'dated.published_at, dated.url, dated.quote_start',
      'dated.cited_on <> dated.first_cited_on'
    ) }} as other_evidence
  from dated
  group by dated.document_key
),

-- Each date under which a document is cited, once, with the places.
cited_date as (
  select
    cited.document_key,
    cited.cited_on,
    min(cited.symbol) as symbol,
    min(cited.document_year) as document_year,
    min(cited.symbol_year) as symbol_year,
    {{ json_list_agg(evidence_quote('cited'), 'cited.published_at, cited.url, cited.quote_start') }} as evidence
  from cited
  where cited.cited_on is not null
  group by cited.document_key, cited.cited_on
),

-- One number of one issuer under two kinds of symbol: on the same day, or in one article that calls the one by the name
-- of the other ("Thông báo Kết luận … số 158-TB/TW", "Kết luận … số 158-KL/TW").
kind_name as (
  select
    code,
    name_vi
  from {{ ref('document_kinds') }}
),

symbol_pair as (
  select
    one.symbol as one_symbol,
    other.symbol as other_symbol,
    one.cited_on is not null and other.cited_on is not null as has_both_dates,
    {{ json_list([evidence_quote('one')]) }} as one_evidence,
    {{ json_list([evidence_quote('other')]) }} as other_evidence
  from cited as one
  inner join cited as other
    on
      one.document_number = other.document_number
      and one.issuer_code = other.issuer_code
      and one.symbol < other.symbol
  left join kind_name as one_kind on one.kind_code = one_kind.code
  left join kind_name as other_kind on other.kind_code = other_kind.code
  where
    one.symbol is not null
    and other.symbol is not null
    and (
      one.cited_on = other.cited_on
      or (
        one.artifact_sha256 = other.artifact_sha256
        and (one.cited_on is null or other.cited_on is null)
        and (
          contains(lower(one.kind_text), lower(other_kind.name_vi))
          or contains(lower(other.kind_text), lower(one_kind.name_vi))
        )
      )
    )
  qualify row_number() over (
    partition by one.symbol, other.symbol
    order by one.published_at, one.url, one.quote_start, other.published_at, other.url, other.quote_start
  ) = 1
),

sides as (
  {% call compare(
    'document.dates', grain={'document': 'document_dates.document_key'},
    subject="'Ngày của văn bản ' || document_dates.document_key || ' như các bài dẫn: ' || document_dates.date_list",
    expected='1', expected_evidence='document_dates.first_evidence',
    actual='document_dates.date_count', actual_evidence='document_dates.other_evidence',
    reason="case when document_dates.dated_count < 2 then 'Các lần dẫn khác không ghi ngày.' end",
    detail={'document': 'document_dates.document_key', 'dates': 'document_dates.date_list'},
  ) %}
  from document_dates
  inner join citation_count on document_dates.document_key = citation_count.document_key
  where citation_count.citation_count > 1
  {% endcall %}

  union all

  -- Only documents cited under two symbols are evaluated: each is a failure, because 0 is expected.
  {% call compare(
    'document.symbols', grain={'symbols': "symbol_pair.one_symbol || ' / ' || symbol_pair.other_symbol"},
    subject="'Một văn bản được dẫn với hai ký hiệu: ' || symbol_pair.one_symbol || ' và ' || symbol_pair.other_symbol",
    expected='0', expected_evidence='symbol_pair.one_evidence',
    actual='1', actual_evidence='symbol_pair.other_evidence',
    detail={'symbols': '[symbol_pair.one_symbol, symbol_pair.other_symbol]'},
  ) %}
  from symbol_pair
  {% endcall %}

  union all

  {% set cited_date = {'document': 'cited_date.document_key', 'date': 'cited_date.cited_on'} %}
  {% set cited_detail = {'document': 'cited_date.document_key', 'cited_on': 'cited_date.cited_on'} %}
  {% call compare(
    'document.register', grain=cited_date,
    subject="'Ngày của văn bản ' || cited_date.document_key || ': bài dẫn ' || " ~ day_text('cited_date.cited_on')
    ~ " || ', sổ văn bản ghi ' || " ~ day_text('register.issued_on'),
    expected='0',
    expected_evidence=evidence_where('register.symbol is not null', [json_of({
      'file': "'documents.csv'", 'column': "'issued_on'", 'symbol': 'register.symbol', 'value': 'register.issued_on',
      'note': 'register.source_note',
    })]),
    actual="abs(date_diff('day', register.issued_on, cited_date.cited_on))", actual_evidence='cited_date.evidence',
    reason="case
      when register.symbol is null then 'Văn bản chưa có trong sổ văn bản.'
      when register.issued_on is null then 'Sổ văn bản chưa ghi ngày đã đối chiếu của văn bản này.'
    end",
    detail=cited_detail,
  ) %}
  from cited_date
  left join {{ ref('documents') }} as register
    on
      cited_date.symbol = register.symbol
      and cited_date.document_year = register.year
  {% endcall %}

  union all

  {% call compare(
    'document.symbol_year', grain=cited_date,
    subject="'Năm trong ký hiệu ' || cited_date.symbol || ' và ngày bài dẫn ' || " ~ day_text('cited_date.cited_on'),
    expected='0', expected_evidence='cited_date.evidence',
    actual='abs(cited_date.symbol_year - year(cited_date.cited_on))', actual_evidence='cited_date.evidence',
    detail=cited_detail,
  ) %}
  from cited_date
  where cited_date.symbol_year is not null
  {% endcall %}
)

{{ residuals_of('sides') }}
