-- Counts by year of beginning: an event counts for the year of its first day, an agreement for that of its signature.
with events as (
  select
    province_key,
    cast(extract(year from started_on) as integer) as year_number,
    count(*) filter (where event_kind_code = 'delegation_out') as delegation_out_count,
    sum(person_count) filter (where event_kind_code = 'delegation_out') as delegation_out_person_count,
    count(*) filter (where event_kind_code = 'delegation_in') as delegation_in_count,
    sum(person_count) filter (where event_kind_code = 'delegation_in') as delegation_in_person_count,
    count(*) filter (where event_kind_code = 'conference_hosted') as conference_hosted_count,
    count(*) filter (where event_kind_code = 'training_abroad') as training_abroad_count,
    sum(person_count) filter (where event_kind_code = 'training_abroad') as training_abroad_person_count,
    count(*) filter (where event_kind_code = 'project') as project_count,
    count(*) filter (where event_kind_code = 'trade_promotion') as trade_promotion_count,
    count(*) filter (where event_kind_code in ('expert_stay', 'volunteer_stay')) as expert_stay_count,
    count(distinct expert_key) as expert_count,
    sum(day_count) filter (where event_kind_code in ('expert_stay', 'volunteer_stay')) as expert_day_count,
    sum(partner_funding_vnd) as partner_funding_vnd,
    sum(own_funding_vnd) as own_funding_vnd
  from {{ ref('fct_international_event') }}
  where is_current
  group by province_key, extract(year from started_on)
),

agreements as (
  select
    province_key,
    cast(extract(year from signed_on) as integer) as year_number,
    count(*) as agreement_count,
    sum(value_vnd) as agreement_value_vnd
  from {{ ref('fct_contract') }}
  where
    is_current
    and contract_scope_code = 'international'
  group by province_key, extract(year from signed_on)
),

years as (
  select
    province_key,
    year_number
  from events

  union

  select
    province_key,
    year_number
  from agreements
),

-- Partners are listed as of the end of a year; earlier years follow from the year in which the relation began.
partners as (
  select
    years.province_key,
    years.year_number,
    count(*) as partner_count
  from years
  inner join {{ ref('dim_partner') }} as partner
    on
      years.province_key = partner.province_key
      and coalesce(partner.partner_since_year, years.year_number) <= years.year_number
  group by years.province_key, years.year_number
),

memberships as (
  select
    years.province_key,
    years.year_number,
    count(*) as membership_count
  from years
  inner join {{ ref('fct_partner_membership') }} as membership
    on
      years.province_key = membership.province_key
      and years.year_number between membership.member_from_year and coalesce(membership.member_to_year, 9999)
  where membership.is_current
  group by years.province_key, years.year_number
)

select
  md5(years.province_key || '|' || years.year_number) as cooperation_key,
  years.province_key,
  province.province_name,
  years.year_number,
  coalesce(partners.partner_count, 0) as partner_count,
  coalesce(memberships.membership_count, 0) as membership_count,
  coalesce(events.delegation_out_count, 0) as delegation_out_count,
  cast(coalesce(events.delegation_out_person_count, 0) as bigint) as delegation_out_person_count,
  coalesce(events.delegation_in_count, 0) as delegation_in_count,
  cast(coalesce(events.delegation_in_person_count, 0) as bigint) as delegation_in_person_count,
  coalesce(events.conference_hosted_count, 0) as conference_hosted_count,
  coalesce(events.training_abroad_count, 0) as training_abroad_count,
  cast(coalesce(events.training_abroad_person_count, 0) as bigint) as training_abroad_person_count,
  coalesce(events.project_count, 0) as project_count,
  coalesce(events.trade_promotion_count, 0) as trade_promotion_count,
  coalesce(events.expert_stay_count, 0) as expert_stay_count,
  coalesce(events.expert_count, 0) as expert_count,
  cast(coalesce(events.expert_day_count, 0) as bigint) as expert_day_count,
  coalesce(agreements.agreement_count, 0) as agreement_count,
  cast(agreements.agreement_value_vnd as decimal(24, 0)) as agreement_value_vnd,
  cast(events.partner_funding_vnd as decimal(24, 0)) as partner_funding_vnd,
  cast(events.own_funding_vnd as decimal(24, 0)) as own_funding_vnd
from years
inner join {{ ref('dim_province') }} as province on years.province_key = province.province_key
left join events on years.province_key = events.province_key and years.year_number = events.year_number
left join agreements on years.province_key = agreements.province_key and years.year_number = agreements.year_number
left join partners on years.province_key = partners.province_key and years.year_number = partners.year_number
left join memberships on years.province_key = memberships.province_key and years.year_number = memberships.year_number
