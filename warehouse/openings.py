"""The stocks that a province reported for the end of the last period: the opening stocks of its next report.

Reads the current release only. Returns plain counts, for templates.
"""

from __future__ import annotations

from datetime import date

from warehouse.connections import connect_release, run_query
from warehouse.layout import Layout

# A merged province has no earlier reports: its opening is the sum of its predecessors' closings.
# Total and group rows are summed from the leaves, because the fact contains leaves only.
_CLOSING = """
with own as (
  select
    stock.org_type_code,
    stock.sector_code,
    stock.closing_count,
    sector.parent_sector_code,
    period.starts_on,
    dense_rank() over (order by period.starts_on desc) as nearest
  from fct_organisation_count as stock
  inner join dim_period as period using (period_code)
  inner join dim_sector as sector using (sector_code)
  where
    stock.is_current
    and period.ends_on = cast(? as date) - interval 1 day
    and stock.province_key in (
      select ?
      union all
      select predecessor_province_key from bridge_province_successor where successor_province_key = ?
    )
),

counted as (
  select * from own where nearest = 1
)

select org_type_code, sector_code, sum(closing_count) from counted group by all
union all
select org_type_code, parent_sector_code, sum(closing_count) from counted
where parent_sector_code <> 'total' group by all
union all
select org_type_code, 'total', sum(closing_count) from counted group by all
"""


def closing_before(layout: Layout, province_key: str, starts_on: date) -> dict[tuple[str, str], int]:
    """Closing counts by (organisation type, sector) of the shortest period that ended the day before ``starts_on``.

    Sectors include the total and the group rows. Empty if the release holds no such period for the province.
    Raises :class:`warehouse.connections.NoReleaseError` without a release.
    """
    with connect_release(layout) as connection:
        rows = run_query(connection, _CLOSING, [starts_on, province_key, province_key]).rows
    return {(org_type, sector): int(count) for org_type, sector, count in rows}
