-- Tasks of plans in the originals of reports, with the plan they belong to: the document that the page reproduces.
with own as (
  select
    artifact_sha256,
    document_key,
    cited_on
  from {{ ref('int_document_citation') }}
  where is_own
  qualify row_number() over (partition by artifact_sha256 order by cited_on nulls last, quote_start) = 1
)

select
  task.*,
  article.url,
  article.published_on,
  own.document_key as plan_document_key,
  -- The date of the plan, else of the page; with neither, no window can be called earlier than the plan.
  coalesce(own.cited_on, article.published_on) as plan_on,
  -- "Ban Kinh tế Đầu tư Ban Kinh tế Đầu tư": a text printed twice in a cell is taken once.
  case
    when
      length(task.lead_text) % 2 = 1
      and left(task.lead_text, (length(task.lead_text) - 1) // 2) || ' '
      || left(task.lead_text, (length(task.lead_text) - 1) // 2) = task.lead_text
      then left(task.lead_text, (length(task.lead_text) - 1) // 2)
    else task.lead_text
  end as lead_once_text
from {{ ref('stg_news_task') }} as task
inner join {{ ref('int_news_article') }} as article on task.artifact_sha256 = article.artifact_sha256
left join own on task.artifact_sha256 = own.artifact_sha256
where article.is_original
