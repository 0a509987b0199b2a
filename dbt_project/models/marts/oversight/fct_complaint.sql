with stated as (
  {{ recorded_rows(ref('stg_bieu_14b')) }}
),

-- Reports of several periods may state one case, each with its state so far; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, case_code
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.case_code,
  ranked.province_key,
  ranked.period_code,
  ranked.case_kind_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.topic_code,
  ranked.received_on,
  ranked.body_name,
  ranked.case_status_code,
  ranked.case_status_code in ('received', 'in_progress') as is_open,
  ranked.resolved_on,
  ranked.revision,
  ranked.recorded_from,
  ranked.recorded_to,
  ranked.is_current and ranked.statement_rank = 1 as is_current,
  ranked.artifact_sha256,
  ranked.sheet,
  ranked.row_number
from ranked
left join {{ ref('dim_cooperative') }} as cooperative
  on
    ranked.org_code = cooperative.org_code
    and {{ is_valid_on('cooperative', 'ranked.received_on') }}
