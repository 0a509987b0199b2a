-- Each current monthly register whose previous month is complete, on the present map: the register of a merged province
-- continues those of its predecessors. With a fingerprint of the inputs of the steps between the two.
with registers as (
  select *
  from {{ ref('int_register') }}
  where is_current
)

select
  registers.province_key,
  registers.period_code,
  registers.artifact_sha256,
  period.previous_period_code,
  previous_period.ends_on as previous_ends_on,
  '' as fixed,
  concat_ws(
    '|',
    registers.fixed,
    registers.content,
    string_agg(earlier.fixed || '|' || earlier.content, '|' order by earlier.province_key)
  ) as content
from registers
inner join {{ ref('int_period') }} as period
  on
    registers.period_code = period.period_code
    and period.period_type = 'month'
inner join {{ ref('int_period') }} as previous_period
  on period.previous_period_code = previous_period.period_code
inner join {{ ref('int_province_member') }} as member
  on
    registers.province_key = member.province_key
    and {{ is_valid_on('member', 'previous_period.ends_on') }}
left join registers as earlier
  on
    member.member_province_key = earlier.province_key
    and period.previous_period_code = earlier.period_code
group by
  registers.province_key,
  registers.period_code,
  registers.artifact_sha256,
  registers.fixed,
  registers.content,
  period.previous_period_code,
  previous_period.ends_on
having count(*) = count(earlier.province_key)
