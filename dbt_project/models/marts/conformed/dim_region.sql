select
  region.scheme || '-' || region.code as region_key,
  region.scheme as scheme_code,
  scheme.name_vi as scheme_name_vi,
  scheme.name_en as scheme_name_en,
  region.code as region_code,
  region.name_vi as region_name_vi,
  region.name_en as region_name_en,
  scheme.valid_from,
  scheme.valid_to,
  scheme.source as source_document,
  region.sort_order as sort_number
from {{ ref('regions') }} as region
inner join {{ ref('region_schemes') }} as scheme on region.scheme = scheme.code
