-- Plans: the attainment that a province states (BIEU_10) compared with actual over target, its stated actual with its
-- other forms, its target with the floor that a document sets for each province; and targets of documents: with each
-- other for one horizon, and floors of provinces times provinces with the national target.
with stated as (
  {{ current_rows(ref('stg_bieu_10')) }}
),

named as (
  select
    stated.*,
    indicator.name_vi,
    coalesce(stated.sector_code, 'total') as own_sector_code,
    {{ target_unit('stated.target_unit_code') }} as own_unit,
    {{ target_factor('stated.target_unit_code') }} as unit_factor,
    stated.stated_actual * {{ target_factor('stated.target_unit_code') }} as own_actual,
    -- A percentage is exact to half of its last printed digit.
    case
      when stated.stated_attainment_pct <> round(stated.stated_attainment_pct, 1) then 0.005
      when stated.stated_attainment_pct <> round(stated.stated_attainment_pct, 0) then 0.05
      else 0.5
    end as half_digit
  from stated
  inner join {{ ref('indicators') }} as indicator on stated.indicator_code = indicator.code
),

target as (
  select * from {{ ref('int_plan_target') }}
),

-- Two documents with a target for the same indicator; the later issued one is second.
target_pair as (
  select
    one.target_id as one_target_id,
    other.target_id as other_target_id,
    'Chỉ tiêu “' || other.name_vi || '” ' || other.horizon_vi || ' của văn bản ' || one.document_symbol || ' và '
    || other.document_symbol as subject,
    one.target_value as one_value,
    other.target_value as other_value,
    -- Two targets that one number can meet agree, however different they look ("khoảng 140.000", "140.000").
    {{ target_reach('one', 'other.target_value') }} + {{ target_reach('other', 'one.target_value') }} as reach,
    {{ why_targets_differ('one', 'other') }} as not_comparable_reason,
    {{ json_list([evidence_target('one')]) }} as one_evidence,
    {{ json_list([evidence_target('other')]) }} as other_evidence
  from target as one
  inner join target as other
    on
      one.scope = other.scope
      and (one.issued_on, one.document_symbol) < (other.issued_on, other.document_symbol)
      and {{ is_same_target('one', 'other') }}
),

-- The sum of the floors of the provinces, on the map of the horizon's last day, and a national target.
province_count as (
  select
    each_floor.target_id,
    count(*) as province_count
  from target as each_floor
  inner join {{ ref('int_province') }} as province
    on
      coalesce(province.valid_from, date '0001-01-01') <= make_date(coalesce(each_floor.last_year, 9999), 12, 31)
      and coalesce(province.valid_to, date '9999-12-31') >= make_date(coalesce(each_floor.last_year, 9999), 12, 31)
  where each_floor.scope = 'each_province'
  group by each_floor.target_id
),

floor_sum as (
  select
    each_floor.target_id as floor_target_id,
    country.target_id as country_target_id,
    '“' || country.name_vi || '” ' || each_floor.horizon_vi || ': mức tối thiểu mỗi tỉnh của văn bản '
    || each_floor.document_symbol || ' × ' || province_count.province_count
    || ' tỉnh, so với chỉ tiêu cả nước của văn bản ' || country.document_symbol as subject,
    each_floor.least_value * province_count.province_count as sum_value,
    country.target_value as country_value,
    {{ target_reach('country', 'each_floor.least_value * province_count.province_count') }} as reach,
    case
      when not each_floor.is_additive then 'Chỉ tiêu của các tỉnh không cộng được thành chỉ tiêu cả nước.'
      else {{ why_targets_differ('each_floor', 'country') }}
    end as not_comparable_reason,
    {{ json_list([evidence_target('each_floor')]) }} as floor_evidence,
    {{ json_list([evidence_target('country')]) }} as country_evidence
  from target as each_floor
  inner join province_count on each_floor.target_id = province_count.target_id
  inner join target as country
    on
      each_floor.scope = 'each_province'
      and country.scope = 'national'
      and {{ is_same_target('each_floor', 'country') }}
),

sides as (
  {% set what = "chỉ tiêu “' || named.name_vi || '” năm ' || named.target_year || ' (Biểu 10)" %}

  {{ compare_reported(
    'plan.attainment', 'named', "'Tỷ lệ thực hiện " ~ what ~ "'", ['province_name'],
    key={'row': 'row_id'}, measure='attainment',
    expected='try_cast(100 * named.stated_actual / nullif(named.target_value, 0) as decimal(28, 6))',
    expected_evidence=json_list([evidence_cell('named', 'stated_actual'), evidence_cell('named', 'target_value')]),
    actual=['stated_attainment_pct'],
    precision='named.half_digit',
    reason="case
      when named.stated_attainment_pct is null then 'Biểu 10 không ghi tỷ lệ thực hiện.'
      when named.stated_actual is null then 'Biểu 10 không ghi số thực hiện.'
      when coalesce(named.target_value, 0) = 0 then 'Biểu 10 không ghi mức của chỉ tiêu.'
      when named.target_value_max is not null then 'Chỉ tiêu là một khoảng.'
    end",
  ) }}

  union all

  {% call compare_reported(
    'plan.actual', 'named', "'Kết quả thực hiện " ~ what ~ "'", ['province_name'],
    key={'row': 'row_id'}, measure='actual',
    expected='measured.actual_value',
    expected_evidence=evidence_where('measured.actual_value is not null', [json_of({
      'source': "'các biểu của tỉnh từ đầu năm (mart_plan_attainment)'", 'value': 'measured.actual_value',
    })]),
    actual='named.own_actual', actual_evidence=json_list([evidence_cell('named', 'stated_actual')]),
    reason="case
      when named.stated_actual is null then 'Biểu 10 không ghi số thực hiện.'
      when extract(year from named.period_starts_on) <> named.target_year then 'Chỉ tiêu là của năm khác.'
      when named.target_unit_code = 'percent' then 'Chỉ tiêu là tỷ lệ, các biểu khác nêu số lượng.'
      when measured.actual_value is null then 'Các biểu khác của tỉnh không đo chỉ tiêu này.'
      when not measured.is_complete then 'Chưa đủ báo cáo từ đầu năm để tính.'
    end",
  ) %}
  from named
  left join {{ ref('int_plan_actual') }} as measured
    on
      measured.source_code = 'measured'
      and named.indicator_code = measured.indicator_code
      and named.org_type_code is not distinct from measured.org_type_code
      and coalesce(named.sector_code, 'total') = measured.sector_code
      and named.province_key = measured.province_key
      and named.period_code = measured.period_code
  {% endcall %}

  union all

  {% call compare_reported(
    'plan.province_target', 'named',
    "'Chỉ tiêu" ~ what.removeprefix('chỉ tiêu') ~ " so với văn bản ' || target.document_symbol", ['province_name'],
    key={'row': 'row_id', 'measure': "'target'", 'document': 'target.target_id'},
    expected='target.least_value', expected_evidence=json_list([evidence_target('target')]),
    actual='named.target_value * named.unit_factor',
    actual_evidence=json_list([evidence_cell('named', 'target_value')]),
    reason="case
      when named.target_value is null then 'Biểu 10 không ghi mức của chỉ tiêu.'
      when named.bound_code = 'at_most' then 'Chỉ tiêu của tỉnh là mức tối đa.'
    end",
  ) %}
  from named
  inner join target
    on
      target.scope = 'each_province'
      and target.least_value is not null
      and not target.is_relative
      and named.indicator_code = target.indicator_code
      and named.org_type_code is not distinct from target.org_type_code
      and named.own_sector_code = target.sector_code
      and named.own_unit = target.unit
      and named.target_year between target.first_year and target.last_year
  {% endcall %}

  union all

  {% call compare(
    'plan.documents', grain={'target': 'target_pair.one_target_id', 'other': 'target_pair.other_target_id'},
    subject='target_pair.subject',
    expected='target_pair.other_value', expected_evidence='target_pair.other_evidence',
    actual='target_pair.one_value', actual_evidence='target_pair.one_evidence',
    precision='target_pair.reach', reason='target_pair.not_comparable_reason',
  ) %}
  from target_pair
  {% endcall %}

  union all

  {% call compare(
    'plan.floors', grain={'floor': 'floor_sum.floor_target_id', 'national': 'floor_sum.country_target_id'},
    subject='floor_sum.subject',
    expected='floor_sum.country_value', expected_evidence='floor_sum.country_evidence',
    actual='floor_sum.sum_value', actual_evidence='floor_sum.floor_evidence',
    precision='floor_sum.reach', reason='floor_sum.not_comparable_reason',
  ) %}
  from floor_sum
  {% endcall %}
)

{{ residuals_of('sides') }}
