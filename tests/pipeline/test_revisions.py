"""Files that arrive late, twice, copied or for two periods, and central corrections."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.samples.workbooks import Edit
from ingestion.submissions.corrections import HEADER, CorrectionError, load_ledger
from ingestion.submissions.reader import read_workbook
from tests.conftest import KEY
from tests.pipeline.harness import Home, succeeded
from tests.workbooks import changed, country, says, workbook


def _two_senders(book: openpyxl.Workbook) -> None:
    again = book.copy_worksheet(book.worksheets[0])
    book.move_sheet(again, -len(book.worksheets) + 1)
    says(book, "period", "Tháng 9/2021")


@pytest.fixture(scope="module")
def files() -> dict[str, tuple[bytes, str]]:
    """Name -> content and time of receipt (UTC)."""
    first, second = (r.period.code for r in country().reports("25"))
    october = workbook(code="25", period=first)
    return {
        "a-november.xlsx": (workbook(period=second), "2021-12-03T02:00:00"),
        "a-november (1).xlsx": (workbook(period=second), "2021-12-03T03:00:00"),
        "a-november-other.xlsx": (
            changed(workbook(period=second), lambda book: says(book, "approved_on", "6/12/2021")),
            "2021-12-20T02:00:00",
        ),
        "b-october.xlsx": (october, "2021-11-03T02:00:00"),
        "b-november-copied.xlsx": (
            changed(october, lambda book: says(book, "period", "Tháng 11/2021")), "2021-12-03T02:00:00",
        ),
        "b-november.xlsx": (
            workbook(
                Edit("set", "BIEU_05B", "org_code", 0, "SAI-0000001"),
                Edit("set", "BIEU_05B", "org_code", 1, "SAI-0000002"),
                Edit("set", "BIEU_05B", "org_name", 1, "Không giống ai"),
                code="25", period=second, revision=2,
            ),
            "2021-12-06T02:00:00",
        ),
        "b-october-2.xlsx": (workbook(code="25", period=first, revision=2), "2022-06-01T02:00:00"),
        "c-two-periods.xlsx": (changed(october, _two_senders), "2021-12-04T02:00:00"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def corrected_cell(files: dict[str, tuple[bytes, str]]) -> tuple[str, str, str]:
    """Sheet, cell and text of some name in the file that is corrected, on a sheet without personal data."""
    data = files["b-october.xlsx"][0]
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in read_workbook(data, KEY).sheets:
        if sheet.form is None or sheet.sheet is None or any(c.personal for c in sheet.form.columns):
            continue
        texts = {c.name for c in sheet.form.columns if c.type == "text" and not c.key}
        places = [p for p, c in enumerate(sheet.form.raw_columns) if c.name in texts]
        for number, values in sheet.rows:
            for cell in book[sheet.sheet][number]:
                if cell.value and cell.value in [values[p] for p in places]:
                    return sheet.sheet, cell.coordinate, str(cell.value)
    raise AssertionError("the sample has no such text")


def _ledger(path: Path, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])


@pytest.fixture(scope="module")
def home(
    files: dict[str, tuple[bytes, str]], corrected_cell: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    root = tmp_path_factory.mktemp("revisions")
    made = Home(root / "home", root / "inbox", "")
    made.inbox.mkdir()
    made.path.mkdir()
    hashes = {name: hashlib.sha256(data).hexdigest() for name, (data, _) in files.items()}
    entries = []
    for name, (data, received) in files.items():
        (made.inbox / name).write_bytes(data)
        entries.append({"name": name, "size": len(data), "sha256": hashes[name], "received_at": received})
    (made.inbox / "index.json").write_text(json.dumps({"files": entries}), encoding="utf-8")
    sheet, cell, text = corrected_cell
    why = ("sai chính tả", "công văn mẫu số 1")
    _ledger(
        made.layout.corrections,
        (hashes["b-october.xlsx"][:16], sheet, cell, text, "Tên đã đính chính", *why, ""),
        (hashes["b-november-copied.xlsx"], sheet, cell, "điều không có ở đó", "X", *why, ""),
        (hashes["b-november-copied.xlsx"], sheet, cell, text, "X", *why, "2021-12-31"),
        (hashes["a-november.xlsx"], "không có trang này", "A1", text, "X", *why, ""),
    )
    succeeded(made.htx("run", "--inbox", str(made.inbox)))
    return made


def test_every_arrival_has_its_outcome(home: Home) -> None:
    rows = {r["file_name"]: r for r in home.ask("select * from fct_submission")}
    wanted: dict[str, dict[str, Any]] = {
        "a-november.xlsx": {"outcome": "superseded", "times_received_count": 2, "same_revision_file_count": 1},
        "a-november-other.xlsx": {"outcome": "current", "arrival": "late", "same_revision_file_count": 1},
        "b-october.xlsx": {"outcome": "superseded", "arrival": "in_time", "same_revision_file_count": 0},
        "b-october-2.xlsx": {"outcome": "current", "arrival": "after_closing"},
        "b-november.xlsx": {"outcome": "current", "arrival": "late", "repeated_period_code": None},
        "b-november-copied.xlsx": {"outcome": "superseded", "arrival": "in_time", "repeated_period_code": "2021-10"},
        "c-two-periods.xlsx": {"outcome": "rejected", "arrival": None},
    }
    assert rows.keys() == wanted.keys()
    found = {name: {key: rows[name][key] for key in values} for name, values in wanted.items()}
    assert found == wanted
    assert "BIEU_01" in rows["b-november-copied.xlsx"]["repeated_forms"]
    assert "hai kỳ" in rows["c-two-periods.xlsx"]["reason"]


def test_both_clocks_know_what_was_known(home: Home) -> None:
    sql = (
        "select count(*) as n from organisation_count_as_of('{}') "
        "where period_code = '2021-10' and province_key = '63-25'"
    )
    counts = [home.ask(sql.format(moment))[0]["n"] for moment in ("2021-11-01", "2021-11-04", "2022-06-02")]
    assert counts[0] == 0
    assert counts[1] == counts[2] > 0


def test_an_organisation_under_a_wrong_code_is_known_by_its_name(home: Home) -> None:
    rows = home.ask("select * from bridge_organisation_match where stated_code like 'SAI-%' order by stated_code")
    assert [(r["match_rule"], r["org_code"] is None) for r in rows] == [("name_place", False), ("none", True)]
    (name,) = {
        r["org_name"] for r in home.ask(f"select * from dim_cooperative where org_code = '{rows[0]['org_code']}'")
    }
    assert name == rows[0]["stated_name"]
    linked = home.ask("select org_code, cooperative_key from fct_trade_fair_participation where org_code like 'SAI-%'")
    assert {r["org_code"]: r["cooperative_key"] is None for r in linked} == {"SAI-0000001": False, "SAI-0000002": True}


def test_corrections_are_applied_visibly(home: Home) -> None:
    rows = home.ask("select * from fct_correction order by file_name, outcome")
    assert [(r["file_name"], r["outcome"], r["is_source_fixed"]) for r in rows] == [
        ("a-november.xlsx", "absent", True),
        ("b-november-copied.xlsx", "differs", True),
        ("b-november-copied.xlsx", "expired", True),
        ("b-october.xlsx", "applied", True),
    ]
    done = home.htx("status")
    assert "corrections.csv" in done.stdout
    assert "b-october.xlsx" in done.stdout


def test_a_changed_ledger_reads_its_artifacts_again(
    home: Home, corrected_cell: tuple[str, str, str], files: dict[str, tuple[bytes, str]]
) -> None:
    before = home.layout.corrections.read_text("utf-8")
    assert "waiting" not in home.htx("run", "--inbox", str(home.inbox)).stdout
    home.layout.corrections.write_text(before.replace("Tên đã đính chính", "Tên khác"), encoding="utf-8")
    succeeded(home.htx("run", "--inbox", str(home.inbox)))
    (row,) = home.ask("select corrected_text from fct_correction where outcome = 'applied'")
    assert row["corrected_text"] == "Tên khác"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("xyz", "B", "A1", "1", "2", "r", "s", ""), "SHA-256"),
        (("0" * 12, "B", "1A", "1", "2", "r", "s", ""), "D12"),
        (("0" * 12, "B", "A1", "1", "2", "", "s", ""), "why"),
        (("0" * 12, "B", "A1", "1", "2", "r", "s", "31/12/2026"), "2026-12-31"),
    ],
)
def test_a_ledger_that_cannot_be_used_says_where(row: tuple[str, ...], said: str, tmp_path: Path) -> None:
    _ledger(tmp_path / "corrections.csv", row)
    with pytest.raises(CorrectionError, match="line 2") as refusal:
        load_ledger(tmp_path / "corrections.csv", date(2026, 1, 1))
    assert said in str(refusal.value)
