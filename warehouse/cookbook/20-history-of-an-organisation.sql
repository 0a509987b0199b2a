-- vi: Một tổ chức đã thay đổi những gì, và khi nào ta biết?
-- en: What changed about an organisation, and when did we learn it?
-- grain: one row per version
-- set: org = mã tổ chức; mặc định tổ chức có nhiều phiên bản nhất / code of the organisation, by default the one with most versions
-- mind: valid là trong thực tế, recorded là khi ta biết. / valid is the world, recorded our knowledge.
with chosen as (
  select coalesce(
    getvariable('org'),
    (
      select org_code from dim_cooperative_history
      group by org_code order by count(*) desc, org_code limit 1
    )
  ) as org_code
)

select
  history.org_code,
  history.org_name,
  history.org_type_code,
  history.sector_code,
  history.status_code,
  province.province_name,
  history.valid_from,
  history.valid_to,
  history.recorded_from,
  history.recorded_to,
  history.is_latest_version,
  artifact.file_name,
  history.sheet,
  history.row_number
from dim_cooperative_history as history
inner join chosen using (org_code)
inner join dim_province as province using (province_key)
left join dim_artifact as artifact using (artifact_sha256)
order by history.valid_from, history.recorded_from
