"""What a province reported for the end of the last period: the stocks and lists that its next report begins with.

Reads the current release only. Returns plain values, for templates.
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

# Of a province, or of those that were merged into it, the rows of the last period that ended before a day.
_SENDERS = """
select ?
union all
select predecessor_province_key from bridge_province_successor where successor_province_key = ?
"""
_LAST_LISTS = {
    "BIEU_02": f"""
with listed as (
  select cooperative.*, period.ends_on
  from dim_cooperative as cooperative
  inner join dim_period as period on cooperative.last_listed_period_code = period.period_code
  where
    cooperative.is_latest_version
    and cooperative.province_key in ({_SENDERS})
    and period.ends_on < cast(? as date)
)

select
  org_code, tax_code, org_name, org_type_code, sector_code, commune_name, district_name, founded_on,
  legal_regime_code, status_code
from listed
where dissolved_on is null
qualify ends_on = max(ends_on) over ()
order by org_code
""",
    "BIEU_04B": f"""
with listed as (
  select loan.*, period.starts_on, period.ends_on
  from fct_fund_loan as loan
  inner join dim_period as period using (period_code)
  where
    loan.is_current
    and loan.province_key in ({_SENDERS})
    and period.ends_on < cast(? as date)
)

select
  loan_code, fund_code, borrower_code, borrower_kind_code, purpose, project_cost_vnd, own_capital_vnd, principal_vnd,
  signed_on, due_on, rate_per_year_pct, disbursed_vnd, repaid_vnd, written_off_vnd, outstanding_vnd, overdue_vnd,
  debt_group_number as debt_group, security_kind_code
from listed
qualify (ends_on, starts_on) = max((ends_on, starts_on)) over ()
order by fund_code, loan_code
""",
}


def lists_before(layout: Layout, province_key: str, starts_on: date) -> dict[str, list[dict[str, object]]]:
    """The last register and loan book of a province before ``starts_on``, by code of form; without those it never sent.

    One row per organisation or loan, by the names of staging and in its units; dissolved organisations are left out.
    Raises :class:`warehouse.connections.NoReleaseError` without a release.
    """
    found = {}
    with connect_release(layout) as connection:
        for form, sql in _LAST_LISTS.items():
            result = run_query(connection, sql, [province_key, province_key, starts_on])
            found[form] = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return {form: rows for form, rows in found.items() if rows}


def closing_before(layout: Layout, province_key: str, starts_on: date) -> dict[tuple[str, str], int]:
    """Closing counts by (organisation type, sector) of the shortest period that ended the day before ``starts_on``.

    Sectors include the total and the group rows. Empty if the release holds no such period for the province.
    Raises :class:`warehouse.connections.NoReleaseError` without a release.
    """
    with connect_release(layout) as connection:
        rows = run_query(connection, _CLOSING, [starts_on, province_key, province_key]).rows
    return {(org_type, sector): int(count) for org_type, sector, count in rows}
