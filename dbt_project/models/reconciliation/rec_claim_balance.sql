-- Done + remaining = all; count × average = total; monthly × 12 = yearly. Within one article.
with claimed as (
  select
    *,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as place
  from {{ ref('int_claim_original') }}
  where
    claim_status <> 'target'
    and not coalesce(is_derived, false)
),

remainder_of (done_code, remaining_code, rule_id) as (
  values
  ('provinces_reported', 'provinces_missing', 'claim_balance.provinces'),
  ('tasks_done', 'tasks_remaining', 'claim_balance.tasks')
),

-- "Đã có 29/34 tỉnh gửi báo cáo; 05 địa phương chưa báo cáo": a remainder belongs to the nearest count before it.
remaining as (
  select
    done.claim_id as done_id,
    remaining.*,
    row_number() over (
      partition by done.claim_id order by abs(remaining.quote_start - done.quote_end), remaining.claim_id
    ) as nearness
  from claimed as done
  inner join remainder_of on done.indicator_code = remainder_of.done_code
  inner join claimed as remaining
    on
      done.artifact_sha256 = remaining.artifact_sha256
      and remainder_of.remaining_code = remaining.indicator_code
      and done.place = remaining.place
      and done.period_starts_on is not distinct from remaining.period_starts_on
      and done.period_ends_on is not distinct from remaining.period_ends_on
),

average_of (average_code, total_code, rule_id) as (
  values
  ('charter_capital_avg', 'charter_capital', 'claim_balance.average')
),

averaged as (
  select
    average.claim_id as average_id,
    total.claim_id as total_id,
    stock.claim_id as stock_id,
    row_number() over (
      partition by average.claim_id
      order by
        total.sentence_number = average.sentence_number desc,
        abs(total.quote_start - average.quote_start) asc,
        -- The total: the largest stock of its kind.
        stock.value desc nulls last,
        stock.claim_id asc
    ) as nearness
  from claimed as average
  inner join average_of on average.indicator_code = average_of.average_code
  left join claimed as total
    on
      average.artifact_sha256 = total.artifact_sha256
      and average_of.total_code = total.indicator_code
      and average.whose = total.whose
      and average.sector_group = total.sector_group
      and average.place = total.place
  left join claimed as stock
    on
      average.artifact_sha256 = stock.artifact_sha256
      and stock.indicator_code in ('stock', 'stock_operating')
      and average.whose = stock.whose
      and average.sector_group = stock.sector_group
      and average.place = stock.place
),

average_sides as (
  select
    average.*,
    total.claim_id as total_id,
    stock.claim_id as stock_id,
    stock.value * average.value as expected,
    total.value as actual,
    total.half_digit + stock.value * average.half_digit + stock.half_digit * average.value as reach,
    average.qualifier = 'exact' and total.qualifier = 'exact' and stock.qualifier = 'exact' as is_exact,
    case when stock.claim_id is not null then {{ json_list([evidence_claim('stock'), evidence_claim('average')]) }}
      else {{ json_list([evidence_claim('average')]) }} end as expected_evidence,
    case when total.claim_id is not null then {{ json_list([evidence_claim('total')]) }} end as actual_evidence
  from averaged
  inner join claimed as average on averaged.average_id = average.claim_id
  left join claimed as total on averaged.total_id = total.claim_id
  left join claimed as stock on averaged.stock_id = stock.claim_id
  where averaged.nearness = 1
),

-- The same average per month and per year, one sentence.
monthly as (
  select
    yearly.*,
    monthly.value * 12 as expected,
    12 * monthly.half_digit as reach,
    monthly.qualifier = 'exact' and yearly.qualifier = 'exact' as is_exact,
    {{ json_list([evidence_claim('monthly')]) }} as expected_evidence,
    {{ json_list([evidence_claim('yearly')]) }} as actual_evidence
  from claimed as yearly
  inner join claimed as monthly
    on
      yearly.artifact_sha256 = monthly.artifact_sha256
      and yearly.sentence_number = monthly.sentence_number
      and yearly.indicator_code = monthly.indicator_code
      and yearly.whose = monthly.whose
      and yearly.sector_group = monthly.sector_group
      and yearly.place = monthly.place
      and monthly.unit = 'VND/month'
  where yearly.unit = 'VND/year'
  qualify row_number() over (partition by yearly.claim_id order by monthly.quote_start, monthly.claim_id) = 1
),

sides as (
  {% set only_about = "'Bài chỉ nêu con số gần đúng (khoảng, hơn, gần).'" %}

  {% call compare(
    rule_id='remainder_of.rule_id', grain={'claim': 'done.claim_id'},
    province=province_of('done'), period='done.period_code',
    subject="case remainder_of.rule_id
      when 'claim_balance.provinces' then 'Số địa phương đã báo cáo + chưa báo cáo = tổng số: '
      else 'Nhiệm vụ đã hoàn thành + còn lại = tổng số: '
    end
    || '«' || done.quote || '», bài đăng ngày ' || " ~ day_text('done.published_on'),
    expected='done.denominator', expected_evidence=json_list([evidence_claim('done')]),
    actual='done.value + remaining.value',
    actual_evidence=evidence_where('remaining.claim_id is not null', [evidence_claim('remaining')]),
    precision='done.half_digit + coalesce(remaining.half_digit, 0)',
    reason="case
      when done.denominator is null then 'Bài không nêu tổng số.'
      when remaining.claim_id is null then 'Bài không nêu số còn lại.'
      when done.qualifier <> 'exact' or remaining.qualifier <> 'exact' then " ~ only_about ~ "
    end",
    detail={'url': 'done.url', 'claim_id': 'done.claim_id'},
  ) %}
  from claimed as done
  inner join remainder_of on done.indicator_code = remainder_of.done_code
  left join remaining
    on
      done.claim_id = remaining.done_id
      and remaining.nearness = 1
  where done.denominator is not null or remaining.claim_id is not null
  {% endcall %}

  union all

  {% call compare(
    'claim_balance.average', grain={'claim': 'average_sides.claim_id'},
    province=province_of('average_sides'), period='average_sides.period_code',
    subject="'Bình quân × số tổ chức = tổng vốn điều lệ: ' || coalesce(average_sides.geography, 'Việt Nam')
    || ', bài đăng ngày ' || " ~ day_text('average_sides.published_on'),
    expected='average_sides.expected', expected_evidence='average_sides.expected_evidence',
    actual='average_sides.actual', actual_evidence='average_sides.actual_evidence',
    precision='coalesce(average_sides.reach, 0)',
    reason="case
      when average_sides.total_id is null then 'Bài không nêu tổng vốn điều lệ.'
      when average_sides.stock_id is null then 'Bài không nêu số tổ chức.'
      when not average_sides.is_exact then " ~ only_about ~ "
    end",
    detail={'url': 'average_sides.url', 'claim_id': 'average_sides.claim_id'},
  ) %}
  from average_sides
  {% endcall %}

  union all

  {% call compare(
    'claim_balance.yearly', grain={'claim': 'monthly.claim_id'},
    province=province_of('monthly'), period='monthly.period_code',
    subject="'Bình quân tháng × 12 = bình quân năm: «' || monthly.quote || '», bài đăng ngày ' || "
    ~ day_text('monthly.published_on'),
    expected='monthly.expected', expected_evidence='monthly.expected_evidence',
    actual='monthly.value', actual_evidence='monthly.actual_evidence',
    precision='monthly.half_digit + monthly.reach',
    reason='case when not monthly.is_exact then ' ~ only_about ~ ' end',
    detail={'url': 'monthly.url', 'claim_id': 'monthly.claim_id'},
  ) %}
  from monthly
  {% endcall %}
)

{{ residuals_of('sides') }}
