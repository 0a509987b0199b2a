-- vi: Đã cung cấp bao nhiêu dịch vụ công cho thành viên, loại nào?
-- en: How many public services were delivered to members, of which kind?
-- grain: one row per kind of service
-- set: year = năm, mặc định mọi năm / by default every year
-- mind: Loại chưa có lượt nào vẫn hiện, với 0. / Kinds without any are shown with 0.
-- mind: Bản công khai để trống số người dưới ngưỡng; tổng là mức tối thiểu. / Public: counts below the threshold are blank, sums are minimums.
select
  kind.name_vi as service_kind_name_vi,
  count(service.row_id) as service_count,
  coalesce(sum(service.beneficiary_count), 0) as beneficiary_count,
  coalesce(sum(service.value_vnd), 0) as value_vnd,
  count(distinct service.province_key) as province_count
from dim_code_value as kind
left join fct_public_service as service
  on
    service.service_kind_code = kind.value_code
    and service.is_current
    and year(service.delivered_on) = coalesce(cast(getvariable('year') as integer), year(service.delivered_on))
where kind.list_code = 'public_service_kind'
group by kind.name_vi
order by service_count desc, kind.name_vi
