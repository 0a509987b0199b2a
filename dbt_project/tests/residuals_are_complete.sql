-- Residual ids are unique, each residual has a subject, and it is comparable if and only if it has no reason against
-- it.
select
  residual_id,
  count(*) as row_count
from {{ ref('rec_residual') }}
group by residual_id
having
  count(*) > 1
  or bool_or(subject is null or grain is null or rule_id is null)
  or bool_or(tolerance is null or tolerance < 0)
  or bool_or(is_comparable is null or is_comparable <> (not_comparable_reason is null))
  or bool_or(is_comparable and coalesce(difference <> actual - expected, true))
  or bool_or(is_comparable <> (excess is not null))
