-- Delegations, conferences, projects (BIEU_07B), and every stay of an expert or volunteer (BIEU_07C): one person each.
with events as (
  select * from {{ ref('int_bieu_07b_recorded') }}
),

stays as (
  select * from {{ ref('int_bieu_07c_recorded') }}
),

stated as (
  select
    row_id,
    form,
    event_code,
    event_name,
    event_kind_code,
    partner_code,
    country_name,
    purpose,
    cast(null as varchar) as expert_field_code,
    cast(null as varchar) as expert_key,
    cast(null as varchar) as host_name,
    beneficiary_group_code,
    started_on,
    ended_on,
    person_count,
    female_count,
    partner_funding_vnd,
    own_funding_vnd,
    province_key,
    period_code,
    period_starts_on,
    period_ends_on,
    revision,
    recorded_from,
    recorded_to,
    is_current,
    artifact_sha256,
    sheet,
    row_number
  from events

  union all

  select
    row_id,
    form,
    visit_code as event_code,
    cast(null as varchar) as event_name,
    expert_kind_code || '_stay' as event_kind_code,
    partner_code,
    country_name,
    cast(null as varchar) as purpose,
    expert_field_code,
    expert_key,
    host_name,
    cast(null as varchar) as beneficiary_group_code,
    started_on,
    ended_on,
    1 as person_count,
    cast(null as bigint) as female_count,
    cast(null as decimal(24, 0)) as partner_funding_vnd,
    cast(null as decimal(24, 0)) as own_funding_vnd,
    province_key,
    period_code,
    period_starts_on,
    period_ends_on,
    revision,
    recorded_from,
    recorded_to,
    is_current,
    artifact_sha256,
    sheet,
    row_number
  from stays
),

-- Reports of several periods may state one event: the latest counts.
ranged as (
  {{ recorded_ranges('stated', key=['form', 'province_key', 'event_code']) }}
)

select
  ranged.row_id,
  ranged.form,
  ranged.event_code,
  ranged.event_name,
  ranged.event_kind_code,
  ranged.province_key,
  ranged.period_code,
  ranged.partner_code,
  partner.partner_key,
  ranged.country_name,
  ranged.purpose,
  ranged.expert_field_code,
  ranged.expert_key,
  ranged.host_name,
  ranged.beneficiary_group_code,
  ranged.started_on,
  ranged.ended_on,
  ranged.ended_on - ranged.started_on + 1 as day_count,
  cast(ranged.person_count as bigint) as person_count,
  ranged.female_count,
  ranged.partner_funding_vnd,
  ranged.own_funding_vnd,
  ranged.revision,
  ranged.recorded_from,
  ranged.recorded_to,
  ranged.is_current,
  ranged.artifact_sha256,
  ranged.sheet,
  ranged.row_number
from ranged
left join {{ ref('dim_partner') }} as partner
  on
    ranged.province_key = partner.province_key
    and ranged.partner_code = partner.partner_code
