"""Figures as large and as small as a form accepts: they fail no run, and ratios of them that overflow are null.

Such figures are mistyped units. The audit reports them, so every step up to the release must survive them.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingestion.forms.definition import Column, load_forms
from ingestion.samples import periodic
from ingestion.samples.country import Report, Row, Value
from ingestion.samples.workbooks import Submission, workbook_bytes
from tests.pipeline.harness import Home, succeeded
from tests.workbooks import RECEIVED, country
from warehouse.connections import connect_release

LARGEST = {
    "integer": 10**15 - 1, "decimal": Decimal(10**15 - 1), "percent": Decimal(10**6 - 1), "money": 10**18 - 10**6,
}  # fmt: skip
SMALLEST = {"integer": 1, "decimal": Decimal("0.01"), "percent": Decimal("0.01"), "money": 10_000}
#: Columns that a rule of severity ``reject`` ties together: what each must be for the sheet to be taken.
TIED = {
    "BIEU_01": (("opening_count", "closing_count", "operating_count", "member_count", "worker_count"), "integer"),
    "BIEU_04A": (("opening_outstanding_vnd", "outstanding_vnd", "debt_group_5_vnd"), "money"),
}
FREE_OF_04A = ("charter_registered_vnd", "charter_paid_vnd", "equity_vnd", "other_sources_vnd", "provision_vnd")


def _figures(code: str) -> list[Column]:
    columns = [c for c in load_forms()[code].columns if c.type in LARGEST and c.name != "debt_group"]
    return [c for c in columns if code != "BIEU_04A" or c.name in FREE_OF_04A]


def _extreme(column: Column, *, largest: bool) -> Value:
    if not largest:
        return SMALLEST[column.type]
    if column.maximum is not None:
        return column.maximum
    # A rate of a month is twelve times that in a year.
    return Decimal("83333.25") if column.unit == "percent_per_month" else LARGEST[column.type]


def exaggerated(report: Report, turn: int) -> Report:
    """``report`` with every figure at an end of its range, in turn over rows and columns so that all meet all."""
    made = Report(report.place, report.period)
    for code, rows in report.rows.items():
        made.rows[code] = [dict(row) for row in rows]
        for number, row in enumerate(made.rows[code]):
            if code in TIED:
                _tie(code, row, largest=turn != 1)
            if code != "BIEU_01":
                for place, column in enumerate(_figures(code)):
                    row[column.name] = _extreme(column, largest=turn == 0 or (number + place + turn) % 2 == 0)
    return made


def _tie(code: str, row: Row, *, largest: bool) -> None:
    names, kind = TIED[code]
    whole = LARGEST[kind] if largest else SMALLEST[kind]
    here = code != "BIEU_01" or row["sector"] in ("total", "agriculture")
    for column in load_forms()[code].columns:
        if column.type == kind and column.name not in FREE_OF_04A:
            row[column.name] = int(whole) if here and column.name in names else 0


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    root = tmp_path_factory.mktemp("extremes")
    home = Home(root / "home", root / "inbox", "")
    home.inbox.mkdir()
    for turn, place in enumerate(country().places[:3]):
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
        "(select max(outstanding_vnd) from fct_fund_loan), "
        "(select max(participant_count) from fct_training_course), (select max(support_vnd) from fct_cooperative_model)"
    ).fetchone()
    assert largest == (LARGEST["integer"], LARGEST["money"], LARGEST["integer"], LARGEST["money"])


def test_what_cannot_be_a_ratio_is_empty(release: duckdb.DuckDBPyConnection) -> None:
    """A million times more women than participants gives no share; the other ratios are filled."""
    shares = release.execute(
        "select count(*) filter (female_share_pct is null), count(female_share_pct) from mart_training "
        "where female_count is not null"
    ).fetchone()
    assert shares is not None and min(shares) > 0, shares


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
