"""Figures as large and as small as a form accepts: they fail no run.

Such figures are mistyped units. Those beyond what is possible are held, the audit reports the others, and every step up
to the release must survive both.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingestion.forms.checks import ranges
from ingestion.forms.definition import Column, load_forms
from ingestion.samples import periodic
from ingestion.samples.country import Report, Row
from ingestion.samples.workbooks import Submission, workbook_bytes
from tests.pipeline.harness import Home, succeeded
from tests.workbooks import RECEIVED, country
from warehouse.connections import connect_release

LARGEST = {"integer": 10**15 - 1, "decimal": 10**15 - 1, "percent": 10**6 - 1, "money": 10**18 - 10**6}
SMALLEST = {"integer": "1", "decimal": "0.01", "percent": "0.01", "money": "10000"}
#: Columns that a rule of severity ``reject`` ties together: what each must be for the sheet to be taken.
TIED = {
    "BIEU_01": (("opening_count", "closing_count", "operating_count", "member_count", "worker_count"), "integer"),
    "BIEU_04A": (("opening_outstanding_vnd", "outstanding_vnd", "debt_group_5_vnd"), "money"),
}
FREE_OF_04A = ("charter_registered_vnd", "charter_paid_vnd", "equity_vnd", "other_sources_vnd", "provision_vnd")


def _figures(code: str) -> list[Column]:
    columns = [c for c in load_forms()[code].columns if c.type in LARGEST and c.name != "debt_group"]
    return [c for c in columns if code != "BIEU_04A" or c.name in FREE_OF_04A]


def _column(code: str, name: str) -> Column:
    return next(column for column in load_forms()[code].columns if column.name == name)


def _possible(column: Column) -> Decimal:
    """The largest figure of ``column`` whose row is not held."""
    bounds = [ranges()[check.between].possible[1] for check in column.checks if check.between]
    return min((bound for bound in bounds if isinstance(bound, Decimal)), default=Decimal(LARGEST[column.type]))


def _extreme(column: Column, *, largest: bool, possible: bool) -> Decimal:
    if not largest:
        return Decimal(SMALLEST[column.type])
    if column.maximum is not None:
        return Decimal(column.maximum)
    found = _possible(column) if possible else Decimal(LARGEST[column.type])
    # A rate of a month is twelve times that in a year.
    return found / 12 // 1 if column.unit == "percent_per_month" else found


def exaggerated(report: Report, turn: int) -> Report:
    """``report`` with every figure at an end of its range, in turn over rows and columns so that all meet all.

    In the first two turns the large end is what is still possible, in the last what a cell may hold.
    """
    made = Report(report.place, report.period)
    for code, rows in report.rows.items():
        made.rows[code] = [dict(row) for row in rows]
        for number, row in enumerate(made.rows[code]):
            if code in TIED:
                _tie(code, row, turn)
            if code != "BIEU_01":
                for place, column in enumerate(_figures(code)):
                    largest = turn == 0 or (number + place + turn) % 2 == 0
                    figure = _extreme(column, largest=largest, possible=turn < 2)
                    row[column.name] = int(figure) if column.type in ("integer", "money") else figure
    return made


def _tie(code: str, row: Row, turn: int) -> None:
    names, kind = TIED[code]
    here = code != "BIEU_01" or row["sector"] in ("total", "agriculture")
    for column in load_forms()[code].columns:
        if column.type == kind and column.name not in FREE_OF_04A:
            whole = _extreme(column, largest=turn != 1, possible=code != "BIEU_01" and turn == 0)
            row[column.name] = int(whole) if here and column.name in names else 0


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    root = tmp_path_factory.mktemp("extremes")
    home = Home(root / "home", root / "inbox", "")
    home.inbox.mkdir()
    # The first turn is that of a province with a fund.
    for turn, place in enumerate(reversed(country().places[:3])):
        monthly = country().reports(place.code)
        for report in (*monthly, *periodic.reports(country(), place, monthly)):
            submission = Submission(place.code, report.period.code, 1, "x.xlsx", RECEIVED)
            data = workbook_bytes(country(), exaggerated(report, turn), submission)
            Path(home.inbox / f"{place.code}-{report.period.code}.xlsx").write_bytes(data)
    succeeded(home.htx("run", "--inbox", str(home.inbox)))
    return connect_release(home.layout)


def test_what_a_form_takes_ends_no_run(release: duckdb.DuckDBPyConnection) -> None:
    outcomes = release.execute("select file_name, outcome, held_rule_ids from fct_submission").fetchall()
    assert {outcome for _, outcome, _ in outcomes} == {"current"}, outcomes
    largest = release.execute(
        "select (select max(closing_count) from fct_organisation_count), "
        "(select max(outstanding_vnd) from fct_fund_loan), (select max(outstanding_vnd) from fct_fund_position), "
        "(select max(participant_count) from fct_training_course), (select max(support_vnd) from fct_cooperative_model)"
    ).fetchone()
    columns = (
        ("BIEU_04B", "outstanding_vnd"), ("BIEU_04A", "outstanding_vnd"),
        ("BIEU_06", "participant_count"), ("BIEU_08", "support_vnd"),
    )  # fmt: skip
    assert largest == (LARGEST["integer"], *(_possible(_column(code, name)) for code, name in columns))


def test_what_is_beyond_the_possible_is_held(release: duckdb.DuckDBPyConnection) -> None:
    """Each row is in a fact or held; a million times more women than participants is in no share."""
    files = release.execute(
        "select rows_read_count, rows_loaded_count + rows_rejected_count + rows_held_count + rows_duplicate_count, "
        "rows_held_count from fct_submission"
    ).fetchall()
    assert all(read == accounted for read, accounted, _ in files), files
    assert any(held for _, _, held in files), files
    assert release.execute("select max(female_share_pct) <= 100 from mart_training").fetchone() == (True,)


@pytest.mark.parametrize(
    "macro",
    [
        *(f"{fact}_restated('34')" for fact in ("organisation_count", "fund_position", "fund_loan", "trade_fair")),
        "organisation_count_by_region('six_2025')",
        "indicator_restated('bad_debt_ratio')",
        "indicator_restated('loan_rate')",
        "indicator_restated('loans_outstanding')",
    ],
)
def test_figures_on_another_map_bear_them_too(release: duckdb.DuckDBPyConnection, macro: str) -> None:
    assert release.execute(f"select count(*) from (select * from {macro})").fetchone() != (0,)
    release.execute(f"select * from {macro}").fetchall()


def test_the_audit_reports_the_figures(release: duckdb.DuckDBPyConnection) -> None:
    found = {rule for (rule,) in release.execute("select distinct rule_id from fct_anomaly").fetchall()}
    assert {"fund.loans_outstanding", "register_report.stock"} <= found
