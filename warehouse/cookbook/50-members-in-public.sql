-- vi: Thành viên theo giới tính và nhóm tuổi của từng tỉnh, theo bản công khai?
-- en: Members by sex and age group of each province, as the public release shows them?
-- grain: one row per age group × sex, in each place and kind of member
-- set: province = mã tỉnh như 63-46, mặc định cả nước / key of a province, by default the nation
-- mind: Bản công khai để trống số người dưới ngưỡng và ô cần giữ kín theo. / Public: counts below the threshold and the cells that protect them are blank.
select
  geography_name_vi,
  member_kind_code,
  age_group_code,
  sex_code,
  member_count,
  capital_contributed_vnd,
  as_of_on
from mart_member_count
where province_key is not distinct from getvariable('province')
order by geography_name_vi, member_kind_code, age_group_code, sex_code
