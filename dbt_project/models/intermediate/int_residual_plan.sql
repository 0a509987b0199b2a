-- Plans: attainment as a province states it (BIEU_10) against its own two figures, and the actual it states against
-- what its other forms measure.
with stated as (
  {{ current_rows(ref('stg_bieu_10')) }}
),

named as (
  select
    stated.*,
    indicator.name_vi,
    stated.stated_actual * case when stated.target_unit_code = 'million_vnd' then 1000000 else 1 end as own_actual,
    -- A percentage is true within half of the last digit it prints.
    case
      when stated.stated_attainment_pct <> round(stated.stated_attainment_pct, 1) then 0.005
      when stated.stated_attainment_pct <> round(stated.stated_attainment_pct, 0) then 0.05
      else 0.5
    end as half_digit
  from stated
  inner join {{ ref('indicators') }} as indicator on stated.indicator_code = indicator.code
),

sides as (
  select
    'plan.attainment' as rule_id,
    concat_ws('|', 'province=' || province_key, 'period=' || period_code, 'row=' || row_id, 'measure=attainment')
      as grain,
    province_key,
    period_code,
    'Tỷ lệ thực hiện chỉ tiêu “' || name_vi || '” năm ' || target_year || ' (Biểu 10): ' || province_name || ', '
    || {{ mid_sentence('period_name_vi') }} as subject,
    try_cast(100 * stated_actual / nullif(target_value, 0) as decimal(28, 6)) as expected,
    stated_attainment_pct as actual,
    half_digit as claim_precision,
    case
      when stated_attainment_pct is null then 'Biểu 10 không ghi tỷ lệ thực hiện.'
      when stated_actual is null then 'Biểu 10 không ghi số thực hiện.'
      when coalesce(target_value, 0) = 0 then 'Biểu 10 không ghi mức của chỉ tiêu.'
      when target_value_max is not null then 'Chỉ tiêu là một khoảng.'
    end as not_comparable_reason,
    {{ json_list([evidence_cell('named', 'stated_actual'), evidence_cell('named', 'target_value')]) }}
      as expected_evidence,
    {{ json_list([evidence_cell('named', 'stated_attainment_pct')]) }} as actual_evidence,
    artifact_sha256,
    cast(null as varchar) as detail
  from named

  union all

  select
    'plan.actual' as rule_id,
    concat_ws(
      '|', 'province=' || named.province_key, 'period=' || named.period_code, 'row=' || named.row_id, 'measure=actual'
    ) as grain,
    named.province_key,
    named.period_code,
    'Kết quả thực hiện chỉ tiêu “' || named.name_vi || '” năm ' || named.target_year || ' (Biểu 10): '
    || named.province_name || ', ' || {{ mid_sentence('named.period_name_vi') }} as subject,
    measured.actual_value as expected,
    named.own_actual as actual,
    0 as claim_precision,
    case
      when named.stated_actual is null then 'Biểu 10 không ghi số thực hiện.'
      when extract(year from named.period_starts_on) <> named.target_year then 'Chỉ tiêu là của năm khác.'
      when named.target_unit_code = 'percent' then 'Chỉ tiêu là tỷ lệ, các biểu khác nêu số lượng.'
      when measured.actual_value is null then 'Các biểu khác của tỉnh không đo chỉ tiêu này.'
      when not measured.is_complete then 'Chưa đủ báo cáo từ đầu năm để tính.'
    end as not_comparable_reason,
    case when measured.actual_value is not null then
      {{ json_list([json_of({
        'source': "'các biểu của tỉnh từ đầu năm (mart_plan_attainment)'", 'value': 'measured.actual_value',
      })]) }}
    end as expected_evidence,
    {{ json_list([evidence_cell('named', 'stated_actual')]) }} as actual_evidence,
    named.artifact_sha256,
    cast(null as varchar) as detail
  from named
  left join {{ ref('int_plan_actual') }} as measured
    on
      measured.source_code = 'measured'
      and named.indicator_code = measured.indicator_code
      and named.org_type_code is not distinct from measured.org_type_code
      and coalesce(named.sector_code, 'total') = measured.sector_code
      and named.province_key = measured.province_key
      and named.period_code = measured.period_code
)

{{ residuals_of('sides') }}
