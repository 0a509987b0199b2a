with stated as (
  {{ recorded_rows(ref('stg_bieu_12')) }}
),

-- Reports of several periods may state one need, each with its answer so far; of the current ones the latest speaks.
ranked as (
  select
    *,
    row_number() over (
      partition by is_current, province_key, need_code
      order by period_ends_on desc, row_number asc, row_id asc
    ) as statement_rank
  from stated
)

select
  ranked.row_id,
  ranked.need_code,
  ranked.province_key,
  ranked.period_code,
  ranked.org_code,
  cooperative.cooperative_key,
  ranked.need_kind_code,
  ranked.topic_code,
  ranked.content,
  ranked.raised_on,
  ranked.addressed_to_code,
  ranked.need_status_code,
  ranked.need_status_code in ('received', 'forwarded') as is_open,
  ranked.answered_on,
  ranked.answered_on - ranked.raised_on as days_to_answer_count,
  ranked.answer_text,
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
    and {{ is_valid_on('cooperative', 'ranked.raised_on') }}
