-- vi: HTX nào giải thể trong vòng hai năm sau khi thành lập?
-- en: Which cooperatives were dissolved within two years of their founding?
-- grain: one row per organisation
-- set: years = 2 (mặc định / default)
-- set: org_type = HTX (mặc định), LHHTX, THT
-- mind: is_latest_version là phiên bản mới nhất của tổ chức: mỗi tổ chức một dòng. / The latest version: one row per organisation.
select
  cooperative.org_code,
  cooperative.org_name,
  province.province_name,
  cooperative.founded_on,
  cooperative.dissolved_on,
  cooperative.dissolved_on - cooperative.founded_on as days_lived_count
from dim_cooperative as cooperative
inner join dim_province as province using (province_key)
where
  cooperative.is_latest_version
  and cooperative.org_type_code = coalesce(getvariable('org_type'), 'HTX')
  and cooperative.dissolved_on >= cooperative.founded_on
  and cooperative.dissolved_on < cooperative.founded_on + to_years(coalesce(cast(getvariable('years') as integer), 2))
order by cooperative.dissolved_on desc, cooperative.org_code
