"""Rows with impossible values enter no fact; they are kept with their cells until a revision corrects them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from ingestion.forms.check_sql import FINDING_COLUMNS
from ingestion.forms.definition import load_forms
from ingestion.samples.workbooks import Edit
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.row_checks import with_findings
from tests.builds import Arrival, Builds, opened
from tests.conftest import KEY
from tests.workbooks import workbook

FAULTS = (
    Edit("set", "BIEU_04B", "due_on", 0, date(2012, 3, 1)),
    Edit("set", "BIEU_04B", "overdue_vnd", 1, 10**12),
    Edit("set", "BIEU_04B", "principal_vnd", 2, 99 * 10**9),
    Edit("set", "BIEU_05A", "ended_on", 0, date(2020, 11, 9)),
    Edit("set", "BIEU_02", "charter_capital_vnd", 0, 34_400 * 10**12),
)
FIRST = Arrival("first.xlsx", workbook(*FAULTS, code="25"), datetime(2021, 12, 2, 3))
SECOND = Arrival("second.xlsx", workbook(code="25", revision=2), datetime(2021, 12, 9, 3))
MODELS = ("fct_submission", "rec_intake", *(form.findings for form in load_forms().values() if form.kind == "table"))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A report with impossible and unlikely cells, and a week later its correction."""
    scratch = tmp_path_factory.mktemp("held")
    database = Builds(scratch).warehouse(scratch / "home", [[FIRST, SECOND]], *MODELS)
    with opened(database) as connection:
        yield connection


def test_a_held_row_is_kept_with_its_cell_until_a_revision(held: duckdb.DuckDBPyConnection) -> None:
    rows = held.execute(
        "select form, column_name, column_header, found_text, is_current, recorded_to from fct_held_row order by all"
    ).fetchall()
    corrected = SECOND.received_at
    assert rows == [
        ("BIEU_02", "charter_capital_vnd", "Vốn điều lệ", "34400000000", False, corrected),
        ("BIEU_04B", "due_on", "Ngày đến hạn", "01/03/2012", False, corrected),
        ("BIEU_04B", "overdue_vnd", "Nợ quá hạn", "1000000", False, corrected),
        ("BIEU_05A", "ended_on", "Thời gian – Đến ngày", "09/11/2020", False, corrected),
    ]
    unlikely = held.execute("select column_name, is_current from fct_row_finding where form = 'BIEU_04B'").fetchall()
    assert ("principal_vnd", False) in unlikely


@pytest.mark.parametrize(("fact", "held_count"), [("fct_fund_loan", 2), ("fct_trade_fair", 1)])
def test_a_held_row_is_in_no_fact_before_the_revision(
    held: duckdb.DuckDBPyConnection, fact: str, held_count: int
) -> None:
    def known(moment: str) -> tuple[int, int]:
        sibling = fact.removeprefix("fct_") + "_as_of"
        counted = held.execute(f"select count(*), count(distinct artifact_sha256) from {sibling}(?)", [moment])
        ((count, files),) = counted.fetchall()
        return count, files

    before, after = known("2021-12-05"), known("2021-12-31")
    assert before[0] == after[0] - held_count
    overdue = held.execute("select max(overdue_vnd), min(due_on) from fct_fund_loan").fetchall()[0]
    assert overdue[0] < 10**12 and overdue[1] > date(2012, 3, 1)


def test_rows_read_are_loaded_rejected_held_or_duplicate(held: duckdb.DuckDBPyConnection) -> None:
    rows = held.execute(
        "select rows_held_count, rows_read_count - rows_loaded_count - rows_rejected_count - rows_held_count "
        "- rows_duplicate_count from fct_submission order by file_name"
    ).fetchall()
    assert rows == [(4, 0), (0, 0)]
    assert held.execute("select count(*) from reconciliation.rec_intake where excess > 0").fetchall() == [(0,)]


def test_the_file_alone_gives_the_findings_of_the_warehouse(held: duckdb.DuckDBPyConnection) -> None:
    problems = with_findings(read_workbook(FIRST.data, KEY)).problems
    offline = sorted((p.form, p.row_number, p.column, p.found, p.expected, p.level == "held") for p in problems)
    relations = (f"intermediate.{form.findings}" for form in load_forms().values() if form.kind == "table")
    union = " union all ".join(f"select {', '.join(FINDING_COLUMNS)} from {relation}" for relation in relations)
    found = held.execute(
        f"select form, row_number, column_name, found_text, expected_text, severity = 'hold' from ({union})"
    ).fetchall()
    assert offline == sorted(found) and len(offline) >= 5
