with stated as (
  {{ recorded_rows(ref('stg_bieu_05a')) }}
),

-- Reports of several periods may state one fair; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, fair_code
      order by period_ends_on desc, province_key asc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  row_id,
  fair_code,
  province_key,
  period_code,
  started_on,
  ended_on,
  booth_count,
  cooperative_participant_count,
  other_participant_count,
  visitor_count,
  contract_count,
  contract_value_vnd,
  revision,
  recorded_from,
  recorded_to,
  is_current and statement_rank = 1 as is_current,
  artifact_sha256,
  sheet,
  row_number
from ranked
