-- Targets of documents (reference data) and those that provinces state in BIEU_10, each with the year it is for.
with stated as (
  select * from {{ ref('int_bieu_10_recorded') }}
),

years as (
  select cast(extract(year from day) as integer) as year_number
  from ({{ day_series('2000-01-01', '2060-01-01') }}) as days
  where extract(doy from day) = 1
),

of_documents as (
  select
    md5(target.target_id || '|' || coalesce(cast(years.year_number as varchar), '-')) as plan_target_key,
    target.target_id,
    'document' as origin_code,
    target.document_symbol,
    target.issuer as issuer_name,
    target.issued_on,
    target.name_vi,
    target.scope as scope_code,
    cast(null as varchar) as province_key,
    target.indicator as indicator_code,
    target.org_type as org_type_code,
    target.sector as sector_code,
    target.bound as bound_code,
    target.value as target_value,
    target.value_max as target_value_max,
    target.unit,
    target.horizon_kind as horizon_kind_code,
    years.year_number as horizon_year,
    target.is_relative,
    target.base_vi as base_text,
    target.base_value,
    target.ambiguity_vi as ambiguity_text,
    target.source_line as source_line_number,
    cast(null as varchar) as period_code,
    cast(null as decimal(28, 6)) as stated_actual_value,
    cast(null as decimal(12, 6)) as stated_attainment_pct,
    cast(null as varchar) as row_id,
    cast(null as integer) as revision,
    cast(target.issued_on as timestamp) as recorded_from,
    cast(null as timestamp) as recorded_to,
    true as is_current,
    cast(null as varchar) as artifact_sha256,
    cast(null as varchar) as sheet,
    cast(null as integer) as row_number
  from {{ ref('targets') }} as target
  left join years
    on
      (
        target.horizon_kind in ('year', 'each_year')
        and years.year_number between target.first_year and target.last_year
      )
      or (target.horizon_kind = 'by_end' and years.year_number = target.last_year)
),

-- Reports of several periods may state one target: the latest counts.
named as (
  select
    *,
    concat_ws(
      '|', province_key, indicator_code, coalesce(org_type_code, '-'), coalesce(sector_code, 'total'), target_year
    ) as target_id,
    target_year as horizon_year,
    {{ target_factor('target_unit_code') }} as unit_factor
  from stated
),

ranged as (
  {{ recorded_ranges('named', key=['target_id', 'horizon_year']) }}
),

of_provinces as (
  select
    md5(ranged.row_id) as plan_target_key,
    ranged.target_id,
    'province' as origin_code,
    ranged.document_symbol,
    unit.unit_name as issuer_name,
    cast(null as date) as issued_on,
    indicator.name_vi,
    'one_province' as scope_code,
    ranged.province_key,
    ranged.indicator_code,
    ranged.org_type_code,
    coalesce(ranged.sector_code, case when ranged.org_type_code is not null then 'total' end) as sector_code,
    ranged.bound_code,
    cast(ranged.target_value * ranged.unit_factor as decimal(28, 6)) as target_value,
    cast(ranged.target_value_max * ranged.unit_factor as decimal(28, 6)) as target_value_max,
    {{ target_unit('ranged.target_unit_code') }} as unit,
    'year' as horizon_kind_code,
    ranged.horizon_year,
    false as is_relative,
    cast(null as varchar) as base_text,
    cast(null as decimal(28, 6)) as base_value,
    cast(null as varchar) as ambiguity_text,
    cast(null as integer) as source_line_number,
    ranged.period_code,
    cast(ranged.stated_actual * ranged.unit_factor as decimal(28, 6)) as stated_actual_value,
    ranged.stated_attainment_pct,
    ranged.row_id,
    ranged.revision,
    ranged.recorded_from,
    ranged.recorded_to,
    ranged.is_current,
    ranged.artifact_sha256,
    ranged.sheet,
    ranged.row_number
  from ranged
  inner join {{ ref('dim_indicator') }} as indicator on ranged.indicator_code = indicator.indicator_code
  inner join {{ ref('dim_unit') }} as unit on ranged.province_key = unit.province_key
)

select * from of_documents
union all
select * from of_provinces
