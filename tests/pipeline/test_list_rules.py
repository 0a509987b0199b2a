"""Rules of the longer forms and of plans, on real workbooks: the planted faults are found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from ingestion.samples import periodic
from ingestion.samples.country import Report
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from tests.builds import Arrival, Builds, opened, take_in
from tests.workbooks import country, workbook

RECEIVED = datetime(2022, 1, 9, 2)


def _reports() -> dict[str, Report]:
    place = country().place("75")
    return {r.period.code: r for r in periodic.reports(country(), place, country().reports("75"))}


def _first(report: Report, form: str, column: str, *values: object) -> int:
    """The first row of a form whose ``column`` is one of ``values``; any that is filled, without values."""
    rows = report.rows[form]
    return next(n for n, row in enumerate(rows) if (row[column] in values if values else row[column] is not None))


def faults() -> dict[tuple[str, str], tuple[str, Edit]]:
    """(rule, measure) -> the report it is planted in, and the edit."""
    reports = _reports()
    year, quarter = reports["2020"], reports["2021-Q3"]
    course = quarter.rows["BIEU_06"][0]
    stay = _first(year, "BIEU_07C", "started_on")
    task = _first(quarter, "BIEU_09", "task_status", "in_progress", "not_started")
    need = _first(quarter, "BIEU_12", "need_status", "received", "forwarded")
    case = _first(quarter, "BIEU_14B", "resolved_on")
    started, received = year.rows["BIEU_07C"][stay]["started_on"], quarter.rows["BIEU_14B"][case]["received_on"]
    assert isinstance(started, date) and isinstance(received, date)
    people = int(str(course["participant_count"]))
    alliance = year.rows["BIEU_15A"][0]
    due = int(str(alliance["organisation_due_count"]))
    return {
        ("list.part", "female_count"): ("2021-Q3", Edit("set", "BIEU_06", "female_count", 0, people + 1)),
        ("list.part", "organisation_reported_count"): (
            "2020",
            Edit("set", "BIEU_15A", "organisation_reported_count", 0, due + 3),
        ),
        ("list.order", "ended_on"): ("2020", Edit("set", "BIEU_07C", "ended_on", stay, started - timedelta(days=365))),
        ("list.order", "resolved_on"): (
            "2021-Q3",
            Edit("set", "BIEU_14B", "resolved_on", case, received - timedelta(days=1)),
        ),
        ("list.state", "task_status_code"): ("2021-Q3", Edit("set", "BIEU_09", "task_status", task, "done")),
        ("list.state", "need_status_code"): ("2021-Q3", Edit("set", "BIEU_12", "need_status", need, "answered")),
    }


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("lists")
    planted: dict[str, list[Edit]] = {}
    for period, edit in faults().values():
        planted.setdefault(period, []).append(edit)
    arrivals = [Arrival("75-2021-11.xlsx", workbook(code="75"), RECEIVED)]
    for period, report in _reports().items():
        edits = planted.get(period, [])
        if period == "2021-H1":
            # Attainment in percent: 30 of 40 is 75, not 57; and 30 founded where the counts say otherwise.
            report.rows["BIEU_10"] = [
                {
                    "indicator": "founded", "org_type": org_type, "sector": None, "target_year": 2021,
                    "bound": "at_least", "target_value": Decimal(40), "target_value_max": None, "target_unit": "count",
                    "document_symbol": "1/KH-MAU", "stated_actual": Decimal(30), "stated_attainment_pct": pct,
                }
                for org_type, pct in (("HTX", Decimal(57)), ("THT", Decimal(75)))
            ]  # fmt: skip
            # The coming year's plan against the floors of 462/LMHTXVN-KHHT: 30 HTX, 50 THT, a fund of 20 billion.
            report.rows["BIEU_10"] += [
                {
                    "indicator": indicator, "org_type": org_type, "sector": None, "target_year": 2022, "bound": bound,
                    "target_value": Decimal(value), "target_value_max": None, "target_unit": unit,
                    "document_symbol": "2/KH-MAU", "stated_actual": None, "stated_attainment_pct": None,
                }
                for indicator, org_type, bound, value, unit in (
                    ("founded", "HTX", "at_least", 29, "count"), ("founded", "THT", "at_least", 50, "count"),
                    ("founded", "LHHTX", "at_most", 1, "count"),
                    ("fund_charter_capital", None, "exact", 19_999, "million_vnd"),
                )
            ]  # fmt: skip
        data = workbook_bytes(country(), report, Submission("75", period, 1, "x.xlsx", RECEIVED, tuple(edits)))
        arrivals.append(Arrival(f"75-{period}.xlsx", data, RECEIVED))
    take_in(root / "home", arrivals)
    with opened(Builds(root / "dbt").build(root / "home", with_tests=True)) as connection:
        yield connection


def test_what_is_planted_is_found_and_nothing_else(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select rule_id, split_part(grain, 'measure=', 2), period_code from reconciliation.rec_residual "
        "where family = 'list' and excess > 0 order by all"
    ).fetchall()
    assert found == sorted((rule, measure, period) for (rule, measure), (period, _) in faults().items())
    passed = con.execute(
        "select rule_id, count(*) from reconciliation.rec_residual where family = 'list' and is_comparable "
        "and excess <= 0 group by 1"
    ).fetchall()
    assert {rule for rule, _ in passed} == {"list.part", "list.order", "list.state"}


def test_plans_are_compared_with_their_figures_and_the_other_forms(con: duckdb.DuckDBPyConnection) -> None:
    half = _reports()["2021-H1"]
    measured = sorted(half.count(org_type, "total", "founded_count") for org_type in ("HTX", "THT"))
    shown = con.execute(
        "select rule_id, expected::integer, actual::integer, excess > 0 "
        "from reconciliation.rec_residual where rule_id in ('plan.attainment', 'plan.actual') "
        "and period_code = '2021-H1' and is_comparable "
        "order by all"
    ).fetchall()
    assert [row for row in shown if row[0] == "plan.attainment"] == [
        ("plan.attainment", 75, 57, True), ("plan.attainment", 75, 75, False),
    ]  # fmt: skip
    assert [row for row in shown if row[0] == "plan.actual"] == [
        ("plan.actual", count, 30, count != 30) for count in measured
    ]
    assert measured != [30, 30]


def test_a_provinces_target_lies_at_or_above_the_floor(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute(
        "select split_part(grain, 'document=', 2), expected::bigint, actual::bigint, is_comparable, "
        "excess > 0 from reconciliation.rec_residual where rule_id = 'plan.province_target' "
        "order by all"
    ).fetchall()
    assert shown == [
        ("462-05", 30, 29, True, True), ("462-06", 1, 1, False, None), ("462-07", 50, 50, True, False),
        ("462-13", 20_000_000_000, 19_999_000_000, True, True),
    ]  # fmt: skip


def test_conflicting_targets_of_documents_are_found(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute(
        "select grain, expected::integer, actual::integer, excess > 0 "
        "from reconciliation.rec_residual where rule_id = 'plan.documents' order by all"
    ).fetchall()
    # 337/KH-LMHTXVN before 1318/QĐ-TTg for 2025; 340/QĐ-TTg before 337/KH-LMHTXVN ("khoảng") for 2030.
    assert [row for row in shown if row[3]] == [
        ("target=337-10|other=1318-03", 35_000, 33_000, True), ("target=337-11|other=1318-05", 210, 150, True),
        ("target=337-12|other=1318-01", 134_000, 140_000, True),
    ]  # fmt: skip
    assert {row[0] for row in shown if not row[3]} == {
        f"target=340-0{one}|other=337-{other}" for one, other in ((1, 13), (2, 14), (3, 15), (4, 16))
    }


def test_floors_of_provinces_make_the_national_target(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute(
        "select grain, expected::integer, actual::integer, is_comparable, excess > 0 "
        "from reconciliation.rec_residual where rule_id = 'plan.floors' order by all"
    ).fetchall()
    assert shown == [
        ("floor=337-20|national=337-19", 5, 170, False, None),
        ("floor=462-05|national=337-02", 2_000, 63 * 30, True, True),
        ("floor=462-06|national=337-03", 15, 63, True, False),
        ("floor=462-07|national=337-04", 4_000, 63 * 50, True, True),
        ("floor=462-08|national=337-05", 300, 189, False, None),
    ]


def test_evidence_of_both_sides_is_in_the_sheet(con: duckdb.DuckDBPyConnection) -> None:
    bare = con.execute(
        "select count(*) from reconciliation.rec_residual where family = 'list' and is_comparable and "
        "(expected_evidence not like '%\"sheet\"%' or actual_evidence not like '%\"sheet\"%')"
    ).fetchone()
    assert bare == (0,)
