-- Stated changes compared with stated stocks and flows: founded minus dissolved = stated change; stock now - change =
-- stock then, as any article states it; from one report to the next, the stock changes by founded minus dissolved.
with claimed as (
  select
    *,
    case indicator_code
      when 'stock_change' then 'stock'
      when 'members_change' then 'members'
      when 'stock_hitech_change' then 'stock_hitech'
      else indicator_code
    end as stock_code,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind = 'unstated' then null else coalesce(province_key, region_key, folded_geography) end
      as place
  from {{ ref('int_claim_original') }}
  where
    claim_status = 'actual'
    and not coalesce(is_derived, false)
),

change as (
  select *
  from claimed
  where
    indicator_code in ('stock_change', 'members_change', 'stock_hitech_change')
    and period_starts_on is not null
),

-- Flows of the period of a change. "Since the end of 2017" begins on 31 December or on 1 January, and a figure "of six
-- months" may end before the six months do, never after.
flow as (
  select
    change.claim_id as change_id,
    flow.*
  from change
  inner join claimed as flow
    on
      change.artifact_sha256 = flow.artifact_sha256
      and change.whose = flow.whose
      and change.sector_group = flow.sector_group
      and change.place is not distinct from flow.place
      and flow.indicator_code in ('founded', 'dissolved')
      and change.period_starts_on between flow.period_starts_on - interval 1 day and flow.period_starts_on
      and date_diff('day', change.period_ends_on, flow.period_ends_on) between 0 and {{ var('claim_cutoff_days') }}
  where change.indicator_code = 'stock_change'
  qualify row_number() over (
    partition by change.claim_id, flow.indicator_code
    order by date_diff('day', change.period_ends_on, flow.period_ends_on), flow.quote_start, flow.claim_id
  ) = 1
),

net as (
  select
    change_id,
    max(value) filter (where indicator_code = 'founded') as founded,
    max(value) filter (where indicator_code = 'dissolved') as dissolved,
    sum(half_digit) as half_digit,
    bool_and(qualifier = 'exact') as is_exact,
    {{ json_list_agg(evidence_claim('flow'), "indicator_code = 'dissolved', claim_id") }} as evidence
  from flow
  group by change_id
),

-- Stocks at the end of a change, of the same article: the operating one only where no other is stated.
stock_at_end as (
  select
    change.claim_id as change_id,
    stock.*
  from change
  inner join claimed as stock
    on
      change.artifact_sha256 = stock.artifact_sha256
      and change.whose = stock.whose
      and change.sector_group = stock.sector_group
      and change.place is not distinct from stock.place
      and stock.indicator_code in (change.stock_code, case when change.stock_code = 'stock' then 'stock_operating' end)
      and stock.as_of_on = change.period_ends_on
  qualify row_number() over (
    partition by change.claim_id
    order by
      stock.sentence_number = change.sentence_number desc,
      stock.indicator_code = change.stock_code desc,
      stock.quote_start asc,
      stock.claim_id asc
  ) = 1
),

-- Every statement of a stock on a day: stated directly, or as the value before a change.
stated as (
  select
    claim_id as statement_id,
    artifact_sha256,
    report_id,
    published_at,
    stock_code,
    is_operating_stock,
    whose,
    sector_group,
    place,
    as_of_on as on_day,
    value as stated_value,
    half_digit,
    true as is_explicit,
    {{ json_list([evidence_claim('claimed')]) }} as evidence
  from claimed
  where
    accumulation = 'stock'
    and indicator_code in ('stock', 'stock_operating', 'members', 'stock_hitech')
    and as_of_on is not null
    and qualifier = 'exact'
    and place is not null

  union all

  select
    change.claim_id as statement_id,
    change.artifact_sha256,
    change.report_id,
    change.published_at,
    change.stock_code,
    stock.is_operating_stock,
    change.whose,
    change.sector_group,
    change.place,
    change.period_starts_on as on_day,
    stock.value - change.value as stated_value,
    stock.half_digit + change.half_digit as half_digit,
    false as is_explicit,
    {{ json_list([evidence_claim('stock'), evidence_claim('change')]) }} as evidence
  from change
  inner join stock_at_end as stock on change.claim_id = stock.change_id
  where
    change.qualifier = 'exact'
    and stock.qualifier = 'exact'
    and change.place is not null
),

-- The other side of a stock implied by a change: stated in the same article, in another, or implied by an earlier one.
opening_pair as (
  select
    implied.statement_id,
    implied.stated_value as actual,
    implied.evidence as actual_evidence,
    other.stated_value as expected,
    other.evidence as expected_evidence,
    implied.half_digit + coalesce(other.half_digit, 0) as half_digit
  from stated as implied
  left join stated as other
    on
      implied.stock_code = other.stock_code
      and implied.is_operating_stock = other.is_operating_stock
      and implied.whose = other.whose
      and implied.sector_group = other.sector_group
      and implied.place = other.place
      -- "Cuối năm 2017" is 31 December; "đầu năm 2018" the day after, and the same stock.
      and abs(date_diff('day', implied.on_day, other.on_day)) <= 1
      and implied.statement_id <> other.statement_id
      and (
        other.is_explicit
        or (
          implied.report_id <> other.report_id
          and (other.published_at, other.statement_id) < (implied.published_at, implied.statement_id)
        )
      )
  where not implied.is_explicit
  qualify row_number() over (
    partition by implied.statement_id
    order by
      (other.artifact_sha256 = implied.artifact_sha256) desc nulls last,
      other.is_explicit desc nulls last,
      other.published_at desc nulls last,
      other.statement_id asc
  ) = 1
),

-- The state in a report: founded and dissolved since the start of a period, and the stock at its end.
position as (
  select
    founded.artifact_sha256,
    founded.report_id,
    founded.whose,
    founded.sector_group,
    founded.place,
    founded.period_starts_on,
    stock.is_operating_stock,
    any_value(founded.published_at) as published_at,
    min(stock.as_of_on) as as_of_on,
    min(founded.value) as founded,
    min(dissolved.value) as dissolved,
    min(stock.value) as stock,
    min(founded.half_digit) + min(dissolved.half_digit) + min(stock.half_digit) as half_digit,
    count(distinct founded.value) = 1 and count(distinct dissolved.value) = 1 and count(distinct stock.value) = 1
      as is_single,
    any_value(founded.geography) as geography,
    any_value(founded.geography_kind) as geography_kind,
    any_value(founded.province_key) as province_key,
    min({{ json_list([evidence_claim('founded'), evidence_claim('dissolved'), evidence_claim('stock')]) }}) as evidence
  from claimed as founded
  inner join claimed as dissolved
    on
      founded.artifact_sha256 = dissolved.artifact_sha256
      and founded.whose = dissolved.whose
      and founded.sector_group = dissolved.sector_group
      and founded.place = dissolved.place
      and founded.period_starts_on = dissolved.period_starts_on
      and founded.period_ends_on = dissolved.period_ends_on
      and dissolved.indicator_code = 'dissolved'
  inner join claimed as stock
    on
      founded.artifact_sha256 = stock.artifact_sha256
      and founded.whose = stock.whose
      and founded.sector_group = stock.sector_group
      and founded.place = stock.place
      and stock.indicator_code in ('stock', 'stock_operating')
      and date_diff('day', stock.as_of_on, founded.period_ends_on) between 0 and {{ var('claim_cutoff_days') }}
  where
    founded.indicator_code = 'founded'
    and founded.qualifier = 'exact'
    and dissolved.qualifier = 'exact'
    and stock.qualifier = 'exact'
  group by
    founded.artifact_sha256,
    founded.report_id,
    founded.whose,
    founded.sector_group,
    founded.place,
    founded.period_starts_on,
    stock.is_operating_stock
),

moved as (
  select
    *,
    lag(founded) over following as founded_before,
    lag(dissolved) over following as dissolved_before,
    lag(stock) over following as stock_before,
    lag(half_digit) over following as half_digit_before,
    lag(evidence) over following as evidence_before,
    lag(as_of_on) over following as as_of_before
  from position
  where
    is_single
    and published_at is not null
  window following as (
    partition by whose, sector_group, place, period_starts_on, is_operating_stock
    order by as_of_on, published_at, report_id
  )
),

sides as (
  {% call compare(
    'claim_change.net', grain={'claim': 'change.claim_id'},
    province=province_of('change'), period='change.period_code',
    subject="'Thành lập mới - giải thể = mức tăng bài nêu: ' || coalesce(change.geography, 'Việt Nam') || ', ' || "
    ~ day_text('change.period_starts_on') ~ " || ' đến ' || " ~ day_text('change.period_ends_on')
    ~ " || ', bài đăng ngày ' || " ~ day_text('change.published_on'),
    expected='net.founded - net.dissolved', expected_evidence='net.evidence',
    actual='change.value', actual_evidence=json_list([evidence_claim('change')]),
    precision=claim_precision('change', '(net.founded - net.dissolved)') ~ ' + net.half_digit',
    reason="case
      when net.founded is null or net.dissolved is null
        then 'Bài không nêu đủ số thành lập mới và số giải thể của cùng khoảng thời gian.'
      when not net.is_exact then 'Bài chỉ nêu con số gần đúng (khoảng, hơn, gần).'
    end",
    detail={
      'url': 'change.url', 'claim_id': 'change.claim_id', 'founded': 'net.founded', 'dissolved': 'net.dissolved',
    },
  ) %}
  from change
  left join net on change.claim_id = net.change_id
  where change.indicator_code = 'stock_change'
  {% endcall %}

  union all

  {% call compare(
    'claim_change.opening', grain={'claim': 'change.claim_id'},
    province=province_of('change'), period='change.period_code',
    subject="case change.stock_code when 'members' then 'Số thành viên' else 'Số tổ chức' end
    || ' hiện có - mức tăng = số ' || " ~ day_text('change.period_starts_on') ~ " || ' nêu ở nơi khác: '
    || coalesce(change.geography, 'Việt Nam') || ', bài đăng ngày ' || " ~ day_text('change.published_on'),
    expected='opening_pair.expected', expected_evidence='opening_pair.expected_evidence',
    actual='opening_pair.actual',
    actual_evidence='coalesce(opening_pair.actual_evidence, ' ~ json_list([evidence_claim('change')]) ~ ')',
    precision='opening_pair.half_digit',
    reason="case
      when opening_pair.statement_id is null then 'Bài không nêu số hiện có của cùng thời điểm.'
      when opening_pair.expected is null then 'Chưa có bài nào nêu số của ngày này.'
    end",
    detail={'url': 'change.url', 'claim_id': 'change.claim_id'},
  ) %}
  from change
  left join opening_pair on change.claim_id = opening_pair.statement_id
  {% endcall %}

  union all

  {% call compare(
    'claim_change.between',
    grain={
      'page': 'left(moved.artifact_sha256, 16)', 'org_type': "coalesce(nullif(moved.whose, ''), 'none')",
      'sector': 'moved.sector_group', 'geography': 'moved.place', 'since': 'moved.period_starts_on',
      'operating': 'moved.is_operating_stock',
    },
    province=province_of('moved'),
    subject="'Số tổ chức tăng giữa hai bài = thành lập mới thêm - giải thể thêm: '
    || coalesce(moved.geography, 'Việt Nam') || ', ' || "
    ~ day_text('moved.as_of_before') ~ " || ' đến ' || " ~ day_text('moved.as_of_on'),
    expected='(moved.founded - moved.founded_before) - (moved.dissolved - moved.dissolved_before)',
    expected_evidence='moved.evidence_before',
    actual='moved.stock - moved.stock_before', actual_evidence='moved.evidence',
    precision='moved.half_digit + moved.half_digit_before',
    detail={
      'founded': 'moved.founded - moved.founded_before', 'dissolved': 'moved.dissolved - moved.dissolved_before',
      'stock': 'moved.stock - moved.stock_before',
    },
  ) %}
  from moved
  where moved.stock_before is not null
  {% endcall %}
)

{{ residuals_of('sides') }}
