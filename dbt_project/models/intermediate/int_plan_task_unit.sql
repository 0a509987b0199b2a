-- The units that the texts of a task name. Items of a list ("- … - …") and texts separated by semicolons are separate
-- names; a name that the seed does not know is kept as text, without a unit.
with texts as (
  select
    task_id,
    'lead' as role,
    case
      when starts_with(lead_once_text, '- ') then replace(substr(lead_once_text, 3), ' - ', '|')
      else replace(lead_once_text, ';', '|')
    end as names
  from {{ ref('int_plan_task') }}
  where lead_once_text is not null

  union all

  select
    task_id,
    'co_unit' as role,
    replace(co_units_text, ';', '|') as names
  from {{ ref('int_plan_task') }}
  where co_units_text is not null
),

names as (
  select
    task_id,
    role,
    {{ unnest_bars('names') }} as name
  from texts
),

spellings as (
  select
    {{ fold_text('spelling') }} as folded_name,
    unit_code,
    is_misprint
  from {{ ref('unit_spellings') }}
)

select distinct
  md5(
    concat_ws('|', names.task_id, names.role, trim(names.name), coalesce(spellings.unit_code, ''))
  ) as task_unit_id,
  names.task_id,
  names.role,
  trim(names.name) as unit_text,
  spellings.unit_code,
  'VCA-' || spellings.unit_code as unit_key,
  coalesce(spellings.is_misprint, false) as is_misprint
from names
left join spellings on {{ fold_text('names.name') }} = spellings.folded_name
where trim(names.name) <> ''
