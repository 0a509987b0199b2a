-- A percentage compared with the figures it is computed from, within one article: a share and its part and whole, tasks
-- done, plan attainment, growth, and shares of one whole.
with claimed as (
  select
    *,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as place
  from {{ ref('int_claim_original') }}
  where claim_status <> 'target'
),

targeted as (
  select
    *,
    coalesce(org_type_code, '') as whose,
    coalesce(sector_code, 'total') as sector_group,
    case when geography_kind in ('country', 'unstated') then 'viet nam' else folded_geography end as place
  from {{ ref('int_claim_original') }}
  where claim_status = 'target'
),

percentage as (
  select
    *,
    case
      when indicator_code = 'share' then 'claim_percent.share'
      when indicator_code = 'tasks_done_share' then 'claim_percent.tasks'
      when indicator_code in ('plan_attainment', 'plan_excess') then 'claim_percent.plan'
      else 'claim_percent.growth'
    end as rule_id
  from claimed
  where
    indicator_code in ('share', 'tasks_done_share', 'plan_attainment', 'plan_excess', 'stock_growth', 'members_growth')
),

-- The figure of a percentage: the nearest one before it in its sentence that can be its part.
part_of as (
  select
    percentage.claim_id as percent_id,
    part.claim_id as part_id
  from percentage
  inner join claimed as part
    on
      percentage.artifact_sha256 = part.artifact_sha256
      and percentage.sentence_number = part.sentence_number
      and part.quote_start < percentage.quote_start
      and percentage.place = part.place
      and not coalesce(part.is_derived, false)
  where
    (percentage.rule_id = 'claim_percent.tasks' and part.indicator_code = 'tasks_done')
    or (
      percentage.rule_id = 'claim_percent.share'
      and part.unit in ('count', 'person', 'VND')
      and percentage.sector_group = part.sector_group
      and percentage.whose = part.whose
    )
    or (
      percentage.rule_id = 'claim_percent.plan'
      and part.unit in ('count', 'person', 'VND')
      and part.accumulation <> 'stock'
    )
    or (
      percentage.indicator_code = 'stock_growth'
      and part.indicator_code in ('stock', 'stock_operating', 'stock_stopped', 'stock_hitech')
      and percentage.whose = part.whose
    )
    or (percentage.indicator_code = 'members_growth' and part.indicator_code = 'members')
  qualify row_number() over (
    partition by percentage.claim_id
    order by part.quote_start desc, part.claim_id asc
  ) = 1
),

-- The whole of the part.
whole_of as (
  select
    percentage.claim_id as percent_id,
    whole.claim_id as whole_id
  from percentage
  inner join part_of on percentage.claim_id = part_of.percent_id
  inner join claimed as part on part_of.part_id = part.claim_id
  inner join claimed as whole
    on
      part.artifact_sha256 = whole.artifact_sha256
      and part.list_id = whole.list_id
      and part.indicator_code = whole.indicator_code
      and part.whose = whole.whose
      and part.claim_id <> whole.claim_id
      and not coalesce(whole.is_derived, false)
  where
    percentage.rule_id = 'claim_percent.share'
    and part.denominator is null
    and (
      (part.sector_group <> 'total' and whole.sector_group = 'total' and part.place = whole.place)
      or (part.sector_group = whole.sector_group and part.place <> whole.place and whole.geography_kind = 'country')
    )
  qualify row_number() over (partition by percentage.claim_id order by whole.quote_start, whole.claim_id) = 1

  union all

  -- The plan: a target of the same indicator, for the period of the percentage.
  select
    percentage.claim_id as percent_id,
    whole.claim_id as whole_id
  from percentage
  inner join part_of on percentage.claim_id = part_of.percent_id
  inner join claimed as part on part_of.part_id = part.claim_id
  inner join targeted as whole
    on
      part.artifact_sha256 = whole.artifact_sha256
      and part.indicator_code = whole.indicator_code
      and part.whose = whole.whose
      and part.sector_group = whole.sector_group
      and part.place = whole.place
      and percentage.period_ends_on = coalesce(whole.period_ends_on, whole.as_of_on)
  where percentage.rule_id = 'claim_percent.plan'
  qualify row_number() over (partition by percentage.claim_id order by whole.quote_start, whole.claim_id) = 1

  union all

  -- Growth: the change in numbers that the same sentence states.
  select
    percentage.claim_id as percent_id,
    whole.claim_id as whole_id
  from percentage
  inner join part_of on percentage.claim_id = part_of.percent_id
  inner join claimed as part on part_of.part_id = part.claim_id
  inner join claimed as whole
    on
      part.artifact_sha256 = whole.artifact_sha256
      and part.sentence_number = whole.sentence_number
      and part.whose = whole.whose
      and part.sector_group = whole.sector_group
      and part.place = whole.place
      and whole.indicator_code = case
        when percentage.indicator_code = 'members_growth' then 'members_change'
        when part.indicator_code = 'stock_hitech' then 'stock_hitech_change'
        else 'stock_change'
      end
      and percentage.period_starts_on is not distinct from whole.period_starts_on
  where percentage.rule_id = 'claim_percent.growth'
  qualify row_number() over (partition by percentage.claim_id order by whole.quote_start, whole.claim_id) = 1
),

measured as (
  select
    percentage.*,
    part.claim_id as part_id,
    part.value as part_value,
    part.half_digit as part_half,
    case when part.claim_id is not null then {{ json_list([evidence_claim('part')]) }} end as part_evidence,
    case
      when part.claim_id is not null and whole.claim_id is not null
        then {{ json_list([evidence_claim('part'), evidence_claim('whole')]) }}
      when part.claim_id is not null then {{ json_list([evidence_claim('part')]) }}
    end as parts_evidence,
    -- The base of a growth is the value before the change.
    case
      when percentage.rule_id = 'claim_percent.growth' then whole.value
      else coalesce(part.value, 0)
    end as numerator,
    case
      when percentage.rule_id = 'claim_percent.growth' then part.value - whole.value
      when percentage.rule_id = 'claim_percent.tasks' or part.denominator is not null then part.denominator
      else whole.value
    end as base,
    coalesce(whole.half_digit, 0) as whole_half,
    percentage.qualifier = 'exact'
    and coalesce(part.qualifier, 'exact') = 'exact'
    and coalesce(whole.qualifier, 'exact') in ('exact', 'at_least') as is_exact
  from percentage
  left join part_of on percentage.claim_id = part_of.percent_id
  left join claimed as part on part_of.part_id = part.claim_id
  left join whole_of on percentage.claim_id = whole_of.percent_id
  left join {{ ref('int_claim_original') }} as whole on whole_of.whole_id = whole.claim_id
),

compared as (
  select
    *,
    case when base <> 0 then
      round(100 * numerator / base - case when indicator_code = 'plan_excess' then 100 else 0 end, 4)
    end as true_pct,
    case when base <> 0 then
      100 * (part_half + whole_half) / abs(base) + 100 * abs(numerator) * whole_half / (base * base)
    end as pct_reach
  from measured
),

-- Shares of one sentence that make a whole: the two groups of sectors or all leaves, or good, average and weak.
leaf_count as (
  select count(*) as leaf_count
  from {{ ref('sectors') }}
  where level = 'leaf'
),

share_of_sector as (
  select
    claimed.*,
    'sectors' as scale,
    sector.level as sector_level
  from claimed
  inner join {{ ref('sectors') }} as sector on claimed.sector_code = sector.code
  where
    claimed.indicator_code = 'share'
    and (sector.level = 'leaf' or claimed.sector_code in ('agriculture', 'non_agriculture'))
  qualify row_number() over (
    partition by claimed.artifact_sha256, claimed.sentence_number, claimed.whose, claimed.place, claimed.sector_code
    order by claimed.quote_start, claimed.claim_id
  ) = 1
),

share_of_rating as (
  select
    claimed.*,
    'ratings' as scale,
    cast(null as varchar) as sector_level
  from claimed
  where claimed.indicator_code in ('share_effective', 'share_average', 'share_weak')
  qualify row_number() over (
    partition by
      claimed.artifact_sha256, claimed.sentence_number, claimed.whose, claimed.place, claimed.sector_group,
      claimed.indicator_code
    order by claimed.quote_start, claimed.claim_id
  ) = 1
),

shares as (
  select * from share_of_sector

  union all

  select * from share_of_rating
),

summed as (
  select
    shares.scale,
    shares.artifact_sha256,
    shares.sentence_number,
    shares.whose,
    shares.place,
    case when shares.scale = 'ratings' then shares.sector_group else 'total' end as sector_group,
    min(shares.url) as url,
    min(shares.published_on) as published_on,
    min(shares.geography) as geography,
    case when min(shares.geography_kind) = 'province' then min(shares.province_key) end as province_key,
    min(shares.period_code) as period_code,
    sum(shares.value) as share_sum,
    sum(shares.half_digit) as half_digit,
    count(*) as share_count,
    case shares.scale
      when 'ratings' then count(*) = 3
      else bool_or(shares.sector_code = 'agriculture') and (
        (count(*) = 2 and bool_or(shares.sector_code = 'non_agriculture'))
        or count(*) filter (where shares.sector_level = 'leaf') = min(leaf_count.leaf_count)
      )
    end as is_whole,
    {{ json_list_agg(evidence_claim('shares'), 'shares.quote_start, shares.claim_id') }} as evidence
  from shares
  cross join leaf_count
  group by
    shares.scale,
    shares.artifact_sha256,
    shares.sentence_number,
    shares.whose,
    shares.place,
    case when shares.scale = 'ratings' then shares.sector_group else 'total' end
  having count(*) > 1
),

sides as (
  {% call compare(
    rule_id='compared.rule_id', grain={'claim': 'compared.claim_id'},
    province=province_of('compared'), period='compared.period_code',
    subject="case compared.rule_id
      when 'claim_percent.share' then 'Tỷ trọng = phần chia tổng trong bài: '
      when 'claim_percent.tasks' then 'Tỷ lệ nhiệm vụ hoàn thành = số hoàn thành chia tổng số: '
      when 'claim_percent.plan' then 'Tỷ lệ so với kế hoạch = thực hiện chia kế hoạch: '
      else 'Tốc độ tăng = mức tăng chia số đầu kỳ: '
    end
    || '«' || compared.quote || '», ' || coalesce(compared.geography, 'Việt Nam') || ', bài đăng ngày '
    || " ~ day_text('compared.published_on'),
    expected='compared.true_pct', expected_evidence='compared.parts_evidence',
    actual='compared.value', actual_evidence=json_list([evidence_claim('compared')]),
    precision=claim_precision('compared', 'compared.true_pct') ~ ' + coalesce(compared.pct_reach, 0)',
    reason="case
      when compared.part_id is null then 'Bài không nêu con số đứng trước tỷ lệ này.'
      when compared.base is null
        then
          case compared.rule_id
            when 'claim_percent.plan' then 'Bài không nêu chỉ tiêu kế hoạch.'
            when 'claim_percent.growth' then 'Bài không nêu mức tăng, giảm bằng số tuyệt đối.'
            else 'Bài không nêu tổng số.'
          end
      when compared.base = 0 then 'Mẫu số bằng không.'
      when not compared.is_exact then 'Bài chỉ nêu con số gần đúng (khoảng, hơn, gần).'
    end",
    detail={
      'url': 'compared.url', 'claim_id': 'compared.claim_id', 'part': 'compared.part_value', 'base': 'compared.base',
      'implied_plan_from': "case when compared.indicator_code = 'plan_attainment' and compared.value > 0 "
        ~ "then round(100 * compared.part_value / (compared.value + compared.half_digit), 1) end",
      'implied_plan_to': "case when compared.indicator_code = 'plan_attainment' "
        ~ "and compared.value > compared.half_digit "
        ~ "then round(100 * compared.part_value / (compared.value - compared.half_digit), 1) end",
    },
  ) %}
  from compared
  {% endcall %}

  union all

  {% call compare(
    'claim_percent.sum',
    grain={
      'page': 'left(summed.artifact_sha256, 16)', 'sentence': 'summed.sentence_number', 'scale': 'summed.scale',
      'org_type': "coalesce(nullif(summed.whose, ''), 'none')", 'sector': 'summed.sector_group',
      'geography': 'summed.place',
    },
    province='summed.province_key', period='summed.period_code',
    subject="case summed.scale
      when 'ratings' then 'Hiệu quả + trung bình + yếu kém = 100 %: '
      else 'Tỷ trọng các lĩnh vực cộng lại = 100 %: '
    end
    || coalesce(summed.geography, 'Việt Nam') || ', bài đăng ngày ' || " ~ day_text('summed.published_on'),
    expected='100', expected_evidence='summed.evidence',
    actual='summed.share_sum', actual_evidence='summed.evidence',
    precision='summed.half_digit',
    reason="case when not summed.is_whole then 'Các tỷ trọng bài nêu chưa đủ một tổng thể.' end",
    detail={'url': 'summed.url', 'shares': 'summed.share_count'},
  ) %}
  from summed
  {% endcall %}
)

{{ residuals_of('sides') }}
