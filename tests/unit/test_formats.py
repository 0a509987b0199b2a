"""The same report in every format that offices send: read alike, or refused with a reason."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from ingestion.submissions.inspection import UNCALCULATED
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.unreadable import UnreadableWorkbookError
from ingestion.submissions.workbook import open_workbook
from ingestion.vietnamese.numbers import format_number
from tests.conftest import KEY
from tests.legacy_fonts import to_tcvn3, to_vni
from tests.workbooks import workbook

SAVED = Path(__file__).parent.parent / "fixtures" / "libreoffice"
Rows = list[list[str]]


def _rows(reading: WorkbookReading) -> dict[str, list[Any]]:
    return {s.form.code: [list(values) for _, values in s.rows] for s in reading.sheets if s.form}


@pytest.fixture(scope="module")
def plain() -> bytes:
    return workbook(code="25")


@pytest.fixture(scope="module")
def expected(plain: bytes) -> dict[str, list[Any]]:
    reading = read_workbook(plain, KEY)
    assert reading.outcome == "accepted"
    return _rows(reading)


@pytest.fixture(scope="module")
def texts(plain: bytes) -> dict[str, Rows]:
    """The report's sheets as a program exports them to text: Vietnamese numbers, days first."""

    def said(cell: Any) -> str:
        if isinstance(cell, datetime | date):
            return f"{cell:%d/%m/%Y}"
        if isinstance(cell, float):
            return format_number(int(cell)) if cell.is_integer() else format_number(round(cell, 6), decimals=6)
        return str(cell)

    book = CalamineWorkbook.from_filelike(io.BytesIO(plain))
    sheets = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = [[said(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        # A text has no merged cells: programs repeat nothing and leave blanks; people fill them.
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    rows[row][column] = rows[top][left]
        sheets[name] = rows
    return sheets


def _csv(rows: Rows, separator: str = ";") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue()


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("name", ["saved.ods", "saved.xls", "saved.xlsx"])
def test_files_saved_by_libreoffice(name: str) -> None:
    original = read_workbook((SAVED / "original.xlsx").read_bytes(), KEY)
    saved = read_workbook((SAVED / name).read_bytes(), KEY)
    assert (saved.outcome, saved.problems) == ("accepted", [])
    assert _rows(saved) == _rows(original)


def _windows(text: str) -> bytes:
    """cp1258 has few composed letters: Windows stores the tone behind the vowel."""
    stored = bytearray()
    for char in text:
        try:
            stored += char.encode("cp1258")
        except UnicodeEncodeError:
            letters = unicodedata.normalize("NFD", char)
            tone = next(c for c in letters if c in "\u0300\u0301\u0303\u0309\u0323")
            stored += unicodedata.normalize("NFC", letters.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return bytes(stored)


ENCODINGS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "Vietnamese Windows": _windows,
    "TCVN3": lambda text: to_tcvn3(text).encode("cp1252"),
    "VNI": lambda text: to_vni(text).encode("cp1252"),
}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_zip_of_texts_is_a_workbook(
    encoding: str, separator: str, texts: dict[str, Rows], expected: dict[str, list[Any]]
) -> None:
    parts = {f"{name}.csv": ENCODINGS[encoding](_csv(rows, separator)) for name, rows in texts.items()}
    reading = read_workbook(_zip(parts), KEY)
    assert [p.message for p in reading.problems] == []
    found = _rows(reading)
    if encoding == "TCVN3":  # capitals with tones are decoded as small letters
        assert [len(rows) for rows in found.values()] == [len(rows) for rows in expected.values()]
    else:
        assert found == expected


def test_a_note_beside_the_texts_of_a_zip_costs_nothing(texts: dict[str, Rows], expected: dict[str, list[Any]]) -> None:
    note = "Kính gửi Liên minh HTX Việt Nam\nGửi kèm các biểu của tháng.\n"
    parts = {"ghi chú.txt": note.encode()} | {f"{name}.csv": _csv(rows).encode() for name, rows in texts.items()}
    reading = read_workbook(_zip(parts), KEY)
    assert reading.outcome == "accepted"
    assert _rows(reading) == expected
    assert [sheet.outcome for sheet in reading.sheets if sheet.sheet == "ghi chú"] == ["ignored"]


def test_one_text_with_sender_and_tables_below_each_other(
    texts: dict[str, Rows], expected: dict[str, list[Any]]
) -> None:
    lines = [row for rows in texts.values() for row in [*rows, [""]]]
    reading = read_workbook(_csv(lines).encode(), KEY)
    assert [p.message for p in reading.problems] == []
    assert _rows(reading) == expected


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
def test_a_workbook_typed_in_an_old_font(encode: Any, plain: bytes, expected: dict[str, list[Any]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = encode(cell.value)
    target = io.BytesIO()
    book.save(target)
    reading = read_workbook(target.getvalue(), KEY)
    assert [p.message for p in reading.problems] == []
    notes = [s.reason for s in reading.sheets]
    assert all("đã đổi sang Unicode" in (note or "") for note in notes)
    found = _rows(reading)
    assert [len(rows) for rows in found.values()] == [len(rows) for rows in expected.values()]
    if encode is to_vni:
        assert found == expected


def test_several_tables_on_one_sheet(plain: bytes, expected: dict[str, list[Any]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    first, second = (next(p for p in book.worksheets if p.title.upper().endswith(n)) for n in ("5B", "5C"))
    for page in (first, second):
        for area in list(page.merged_cells.ranges):
            text = page.cell(area.min_row, area.min_col).value
            page.unmerge_cells(str(area))
            for line in page.iter_rows(area.min_row, area.max_row, area.min_col, area.max_col):
                for cell in line:
                    cell.value = text
    below = first.max_row + 2
    for row in second.iter_rows():
        for cell in row:
            first.cell(below + cell.row, cell.column).value = cell.value
    broken = next(r for r in range(below, first.max_row + 1) if first.cell(r, 1).value == 1)
    book.remove(second)
    target = io.BytesIO()
    book.save(target)
    reading = read_workbook(target.getvalue(), KEY)
    assert [p.message for p in reading.problems] == []
    assert _rows(reading) == expected
    # A fault in the second table is named where it stands on the sheet.
    for column in range(2, 9):
        first.cell(broken, column).value = "#"
    target = io.BytesIO()
    book.save(target)
    problems = read_workbook(target.getvalue(), KEY).problems
    assert problems and {p.row_number for p in problems} == {broken}


def _sheet_xml(plain: bytes, part: str, change: Any) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(plain)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for info in source.infolist():
            data = source.read(info)
            container.writestr(info.filename, change(data) if info.filename == part else data)
    return target.getvalue()


def test_entities_are_refused(plain: bytes) -> None:
    bomb = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    data = _sheet_xml(plain, "xl/workbook.xml", lambda xml: xml.replace(b"?>", bomb, 1))
    with pytest.raises(UnreadableWorkbookError, match="entities"):
        list(open_workbook(data))


def test_errors_stand_on_their_sheet_however_the_parts_are_numbered() -> None:
    book = openpyxl.Workbook()
    one, two = book.active, book.create_sheet("Hai")
    assert one is not None
    one.title = "Một"
    one["A1"], two["A1"] = 1, 2
    two["B2"] = "=1+1"
    target = io.BytesIO()
    book.save(target)

    def swapped(xml: bytes) -> bytes:
        return xml.replace(b"sheet1.xml", b"X").replace(b"sheet2.xml", b"sheet1.xml").replace(b"X", b"sheet2.xml")

    data = _sheet_xml(target.getvalue(), "xl/_rels/workbook.xml.rels", swapped)
    assert {sheet.name: sheet.errors for sheet in open_workbook(data)} == {"Một": {(1, 1): UNCALCULATED}, "Hai": {}}


def test_days_that_count_from_1904_and_cells_that_show_percent() -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)
    page = book.active
    assert page is not None
    page["A1"], page["B1"] = 43068, 0.4
    page["B1"].number_format = "0.0%"
    target = io.BytesIO()
    book.save(target)
    (sheet,) = open_workbook(target.getvalue())
    assert (sheet.since_1904, sheet.percents) == (True, {(0, 1)})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0 picture", "ảnh"),
        (b"<html><table><tr><td>1;2;3</td></tr></table></html>", "trang web"),
        (_zip({"word/document.xml": b"<w/>"}), "Word"),
        ("Kính gửi\nLiên minh\nbáo cáo tháng".encode(), "không phải là bảng tính"),
        (b"a;b\n\x00\x01\x02;d", "không phải là bảng tính"),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, reason: str) -> None:
    reading = read_workbook(data, KEY)
    assert reading.outcome == "rejected"
    assert reason in (reading.reason or "")
