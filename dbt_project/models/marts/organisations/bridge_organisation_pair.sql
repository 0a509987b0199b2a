select
  md5(org_code_1 || '|' || org_code_2) as pair_key,
  org_code_1,
  org_code_2,
  match_rule,
  cast(score as double) as score,
  is_listed_together
from {{ ref('int_organisation_pair') }}
