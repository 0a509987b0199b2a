-- vi: Tỉnh hiện nay hợp thành từ những tỉnh nào, và tên nào đã được dùng lại?
-- en: Which provinces was each of today's made from, and which names were used again?
-- grain: one row per former province
-- mind: Mã và tên trùng nhau không có nghĩa là cùng một tỉnh: nối bằng province_key. / Equal codes or names do not mean one province: join on province_key.
select
  successor.province_name as province_name,
  successor.province_code as province_code,
  predecessor.province_name as former_province_name,
  predecessor.province_code as former_province_code,
  link.is_merged,
  link.effective_on,
  predecessor.province_name = successor.province_name and link.is_merged as is_same_name_other_area
from bridge_province_successor as link
inner join dim_province as successor on successor.province_key = link.successor_province_key
inner join dim_province as predecessor on predecessor.province_key = link.predecessor_province_key
order by successor.province_code, predecessor.province_code
