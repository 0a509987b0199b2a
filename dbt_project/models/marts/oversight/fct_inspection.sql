with stated as (
  {{ recorded_rows(ref('stg_bieu_14a')) }}
),

-- Reports of several periods may state one inspection; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, inspection_code
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.inspection_code,
  ranked.province_key,
  ranked.period_code,
  ranked.inspection_kind_code,
  ranked.inspection_basis_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.unit_name,
  ranked.started_on,
  ranked.ended_on,
  ranked.finding_count,
  ranked.recommendation_count,
  ranked.recovery_vnd,
  ranked.inspection_status_code,
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
    and {{ is_valid_on('cooperative', 'ranked.started_on') }}
