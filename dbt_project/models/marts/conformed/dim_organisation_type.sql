select
  code as org_type_code,
  name_vi,
  name_en,
  is_legal_person,
  counts_as_cooperative as is_cooperative
from {{ ref('organisation_types') }}
