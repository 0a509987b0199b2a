"""Personal data that a sender typed into any wrong place are kept in the archive only."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions import intake
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from tests.workbooks import changed, workbook

IDENTITIES = ["001203004567", "079185000321", "024512378"]
PHONE = "0912345678"
EMAIL = "buoi.nguyen@thu.example.vn"
NAMES = ["Nguyễn Thị Bưởi", "Trần Văn Mít", "Lê Quang Ổi"]
PLANTED = [*IDENTITIES, PHONE, EMAIL, *NAMES]
MEMBERS = "Biểu 03"
HEADER_ROWS = 9


def _member(number: int) -> list[Any]:
    joined = datetime(2021, 11, 5)
    return [number, "01-0001", NAMES[number % 3], IDENTITIES[number % 3], "Cá nhân", "Nữ", 1980, joined, None, 5]


def _rows(book: openpyxl.Workbook, rows: list[list[Any]]) -> None:
    sheet = book[MEMBERS]
    for number, row in enumerate(rows, HEADER_ROWS + 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def _shifted_left(book: openpyxl.Workbook) -> None:
    _rows(book, [[*_member(n)[:1], *_member(n)[2:], None] for n in range(3)])


def _shifted_right(book: openpyxl.Workbook) -> None:
    _rows(book, [[*_member(n)[:1], None, *_member(n)[1:9]] for n in range(3)])


def _shifted_by_two(book: openpyxl.Workbook) -> None:
    _rows(book, [[*_member(n)[:1], None, None, *_member(n)[1:8]] for n in range(3)])


def _swapped(book: openpyxl.Workbook) -> None:
    _rows(book, [[0, NAMES[0], "01-0001", IDENTITIES[0], *_member(0)[4:]], [1, IDENTITIES[1], *_member(1)[2:]]])


def _in_every_column(book: openpyxl.Workbook) -> None:
    rows = []
    for column, value in itertools.product(range(1, 10), [IDENTITIES[0], PHONE, NAMES[0], EMAIL]):
        row = _member(0)
        if column not in (2, 3):  # the columns that are for it
            row[column] = value
        rows.append(row)
    _rows(book, rows)


def _no_header(book: openpyxl.Workbook) -> None:
    _rows(book, [_member(n) for n in range(3)])
    sheet = book[MEMBERS]
    for column in range(1, 11):
        sheet.cell(HEADER_ROWS - 1, column, _member(1)[column - 1])


def _in_titles_and_texts(book: openpyxl.Workbook) -> None:
    book[MEMBERS].title = f"BIEU_03 {IDENTITIES[0]}"
    register = book["Biểu 02"]
    for row, value in enumerate([IDENTITIES[0], f"{NAMES[0]} {PHONE}", f"HTX {EMAIL}", IDENTITIES[2]], 11):
        register.cell(row, 4, f"HTX Rau sạch ({value})")
        register.cell(row, 7, f"xã A, ĐT {PHONE}")
        register.cell(row, 5, value)
    register.cell(15, 2, IDENTITIES[1])
    register.cell(16, 2, f"{NAMES[1]} {IDENTITIES[1]}")


def _in_the_sender_sheet(book: openpyxl.Workbook) -> None:
    sheet = book["THONG_TIN"]
    for row in sheet.iter_rows():
        for cell in row[1:]:
            if cell.value is not None:
                cell.value = f"{NAMES[0]} {IDENTITIES[0]}"
    sheet.title = f"THONG_TIN {PHONE}"


CHANGES: list[Callable[[openpyxl.Workbook], None]] = [
    _shifted_left, _shifted_right, _shifted_by_two, _swapped, _in_every_column, _no_header, _in_titles_and_texts,
    _in_the_sender_sheet,
]  # fmt: skip


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("change", CHANGES)
def test_no_planted_value_leaves_the_archive(change: Callable[[openpyxl.Workbook], None], tmp_path: Path) -> None:
    inbox, archive, raw = tmp_path / "inbox", Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")
    inbox.mkdir()
    (inbox / f"báo cáo {IDENTITIES[1]} {NAMES[1]}.xlsx").write_bytes(changed(workbook(), change))
    receive(open_inbox(inbox), archive, raw)
    intake.read_submissions(None, archive, raw, key=KEY)
    found = {
        f"{table.name}.{column}: {planted}"
        for table in raw.root.iterdir()
        for column, values in raw.read(table.name).to_pydict().items()
        for text in _texts(values)
        for planted in PLANTED
        if planted in text
    }
    assert found == set()
    assert raw.read("_artifacts").num_rows == 1
    again = intake.read_submissions(None, archive, raw, key=KEY)
    assert again.artifacts == 0, "a masked file name must not look like an earlier envelope"


def test_members_in_their_columns_are_taken(tmp_path: Path) -> None:
    inbox, archive, raw = tmp_path / "inbox", Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")
    inbox.mkdir()
    data = changed(workbook(), lambda book: _rows(book, [_member(n) for n in range(3)]))
    (inbox / "LMHTX-01-2021-11-L1.xlsx").write_bytes(data)
    receive(open_inbox(inbox), archive, raw)
    assert intake.read_submissions(None, archive, raw, key=KEY).by_form["BIEU_03"] == 3
