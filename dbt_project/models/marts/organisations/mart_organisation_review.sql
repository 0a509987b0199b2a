select
  md5(concat_ws('|', 'pair', pair.org_code_1, pair.org_code_2)) as review_key,
  'pair' as review_kind,
  one.province_key,
  cast(null as varchar) as form,
  pair.org_code_1 as stated_code,
  one.org_name as stated_name,
  pair.org_code_2 as candidate_code,
  two.org_name as candidate_name,
  pair.match_rule,
  cast(pair.score as double) as score,
  case
    when pair.match_rule = 'tax_code'
      then 'Hai mã cùng mã số thuế cùng có trong danh sách một kỳ: một tổ chức bị đếm hai lần?'
    when pair.is_listed_together
      then 'Hai mã có tên giống nhau trong cùng một xã, cùng có trong danh sách: hai tổ chức hay một bị đếm hai lần?'
    else 'Hai mã có tên gần giống nhau trong cùng một xã, kế tiếp nhau: có phải một tổ chức đổi mã không?'
  end as question_vi
from {{ ref('bridge_organisation_pair') }} as pair
inner join {{ ref('dim_cooperative') }} as one on pair.org_code_1 = one.org_code and one.is_latest_version
inner join {{ ref('dim_cooperative') }} as two on pair.org_code_2 = two.org_code and two.is_latest_version
where pair.is_listed_together or pair.match_rule = 'similar_name'

union all

select
  named.match_key as review_key,
  'name' as review_kind,
  named.province_key,
  named.form,
  named.stated_code,
  named.stated_name,
  named.candidate_code,
  candidate.org_name as candidate_name,
  named.match_rule,
  named.score,
  'Mã không có trong danh sách; tên gần giống một tổ chức của tỉnh: có phải tổ chức này không?' as question_vi
from {{ ref('bridge_organisation_match') }} as named
left join {{ ref('dim_cooperative') }} as candidate
  on named.candidate_code = candidate.org_code and candidate.is_latest_version
where named.is_doubtful
