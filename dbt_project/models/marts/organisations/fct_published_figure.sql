select
  md5(concat_ws(
    '|',
    published.indicator_code,
    coalesce(published.org_type, '∅'),
    published.sector,
    coalesce(published.period, '∅'),
    coalesce(published.as_of, period.ends_on),
    published.vintage
  )) as published_figure_key,
  published.indicator_code,
  published.org_type as org_type_code,
  published.sector as sector_code,
  published.period as period_code,
  coalesce(published.as_of, period.ends_on) as as_of_on,
  published.value as published_value,
  published.qualifier,
  published.status as figure_status,
  published.vintage,
  published.published_on,
  published.confirmation <> 'unconfirmed' as is_confirmed,
  published.source as source_note
from {{ ref('external_series') }} as published
left join {{ ref('int_period') }} as period on published.period = period.period_code
