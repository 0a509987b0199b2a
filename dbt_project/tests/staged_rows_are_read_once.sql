-- A row of a workbook is staged once, whatever readings its file had, and belongs to an artifact.
with staged as (
  {% for relation in form_relations() %}
  select
    '{{ relation }}' as relation,
    row_id,
    artifact_sha256,
    form
  from {{ ref(relation) }}
  {{ 'union all' if not loop.last }}
  {% endfor %}
)

select
  staged.relation,
  staged.row_id,
  count(*) as row_count
from staged
left join {{ ref('stg_artifact') }} as artifact on staged.artifact_sha256 = artifact.artifact_sha256
group by staged.relation, staged.row_id
having
  count(*) > 1
  or staged.row_id is null
  or bool_or(artifact.artifact_sha256 is null)
  -- No row of one form is in the relation of another.
  or bool_or(staged.relation <> 'stg_' || lower(staged.form))
