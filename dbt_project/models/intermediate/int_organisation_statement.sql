-- Names and places of each organisation in the current registers; a code may have had several names.
with listed as (
  {{ current_rows(ref('stg_bieu_02')) }}
)

select
  md5(concat_ws(
    '|', listed.org_code, listed.province_key, listed.org_type_code, coalesce(listed.tax_code, ''), listed.org_name,
    coalesce(listed.commune_name, '')
  )) as statement_id,
  listed.org_code,
  listed.province_key,
  listed.org_type_code,
  listed.tax_code,
  listed.org_name,
  {{ name_without_type('listed.org_name') }} as bare_name,
  {{ numbers_in(fold_text('listed.org_name')) }} as name_numbers,
  {{ fold_text("coalesce(listed.commune_name, '')") }} as place,
  min(listed.period_starts_on) as first_listed_on,
  max(listed.period_ends_on) as last_listed_on
from listed
group by
  listed.org_code,
  listed.province_key,
  listed.org_type_code,
  listed.tax_code,
  listed.org_name,
  listed.commune_name
