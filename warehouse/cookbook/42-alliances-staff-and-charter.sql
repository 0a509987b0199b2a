-- vi: Liên minh tỉnh nào chưa có điều lệ được duyệt, thiếu biên chế?
-- en: Which provincial alliances have no approved charter, or fewer staff than posts?
-- grain: one row per provincial alliance in force at the last receipt
-- mind: Trống là liên minh chưa báo cáo Biểu 15A, không phải chưa có. / Empty means BIEU_15A was not reported.
-- mind: Bản công khai để trống số người dưới ngưỡng; tổng là mức tối thiểu. / Public: counts below the threshold are blank, sums are minimums.
with newest as (
  select max(received_on) as day
  from fct_submission
)

select
  unit_name,
  has_approved_charter,
  charter_approved_on,
  staff_quota_count,
  staff_count,
  staff_quota_count - staff_count as vacant_post_count,
  contract_staff_count,
  female_staff_count,
  member_organisation_count,
  last_listed_period_code
from dim_provincial_alliance
cross join newest
where newest.day between coalesce(valid_from, date '0001-01-01') and coalesce(valid_to, date '9999-12-31')
order by has_approved_charter nulls last, vacant_post_count desc nulls last, unit_name
