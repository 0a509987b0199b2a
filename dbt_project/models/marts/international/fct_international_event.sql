-- Delegations, conferences, projects (BIEU_07B), and every stay of an expert or volunteer (BIEU_07C): one person each.
with events as (
  {{ recorded_rows(ref('stg_bieu_07b')) }}
),

stays as (
  {{ recorded_rows(ref('stg_bieu_07c')) }}
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

-- Reports of several periods may state one event; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, form, province_key, event_code
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.form,
  ranked.event_code,
  ranked.event_name,
  ranked.event_kind_code,
  ranked.province_key,
  ranked.period_code,
  ranked.partner_code,
  partner.partner_key,
  ranked.country_name,
  ranked.purpose,
  ranked.expert_field_code,
  ranked.expert_key,
  ranked.host_name,
  ranked.beneficiary_group_code,
  ranked.started_on,
  ranked.ended_on,
  ranked.ended_on - ranked.started_on + 1 as day_count,
  cast(ranked.person_count as bigint) as person_count,
  ranked.female_count,
  ranked.partner_funding_vnd,
  ranked.own_funding_vnd,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
left join {{ ref('dim_partner') }} as partner
  on
    ranked.province_key = partner.province_key
    and ranked.partner_code = partner.partner_code
