"""No value is accepted that the sender did not intend: which sheet counts, what is not seen, what has two readings."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.forms.definition import load_forms
from ingestion.samples.workbooks import Edit, RawText
from ingestion.submissions.binary_formats import inspect_xls
from ingestion.submissions.inspection import Inspected
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.values import CellError, ambiguous_percent, converter
from ingestion.submissions.workbook import open_workbook
from tests.conftest import KEY
from tests.workbooks import changed, workbook

SAVED = Path(__file__).parent.parent / "fixtures" / "libreoffice"


def _rows(reading: WorkbookReading, form: str = "BIEU_01") -> list[object]:
    return next(s.rows for s in reading.sheets if s.form and s.form.code == form)


def _copied(change: Callable[[Worksheet, Worksheet], None]) -> WorkbookReading:
    """The reading of a workbook with two sheets of Biểu 01, after ``change`` to the first and its copy."""

    def copy(book: openpyxl.Workbook) -> None:
        first = book.worksheets[1]
        change(first, book.copy_worksheet(first))

    return read_workbook(changed(workbook(), copy), KEY)


def _another_number(page: Worksheet) -> None:
    cell = next(c for row in page.iter_rows(min_row=10, min_col=4) for c in row if isinstance(c.value, int | float))
    cell.value += 1


def _hide(page: Worksheet) -> None:
    page.sheet_state = "hidden"


def _clear(page: Worksheet) -> None:
    first = next(c.row for row in page.iter_rows() for c in row if c.value == "(1)")
    for area in list(page.merged_cells.ranges):
        if area.min_row > first:
            page.unmerge_cells(str(area))
    page.delete_rows(first + 1, page.max_row)


def test_an_identical_copy_of_a_sheet_is_not_a_second_one() -> None:
    reading = _copied(lambda first, second: None)
    assert (reading.outcome, reading.problems) == ("accepted", [])
    assert _rows(reading) == _rows(read_workbook(workbook(), KEY))
    assert "bản sao giống hệt" in (reading.reason or "")


@pytest.mark.parametrize("behind", [_hide, _clear])
def test_the_visible_and_filled_sheet_counts(behind: Callable[[Worksheet], None]) -> None:
    def change(first: Worksheet, second: Worksheet) -> None:
        _another_number(second)
        behind(second)
        # The name does not decide here.
        first.title, second.title = "Biểu 01 a", "Biểu 01 b"

    reading = _copied(change)
    assert (reading.outcome, reading.problems) == ("accepted", [])
    assert _rows(reading) == _rows(read_workbook(workbook(), KEY))


def test_of_two_different_sheets_the_exact_name_counts_and_without_one_the_sender_chooses() -> None:
    named = _copied(lambda first, second: _another_number(second))
    assert _rows(named) == _rows(read_workbook(workbook(), KEY))

    def neither(first: Worksheet, second: Worksheet) -> None:
        _another_number(second)
        first.title, second.title = "Biểu 01 a", "Biểu 01 b"

    asked = _copied(neither)
    assert asked.outcome == "partial" and _rows(asked) == []
    assert {p.sheet for p in asked.problems} == {"Biểu 01 a", "Biểu 01 b"}

    def against(first: Worksheet, second: Worksheet) -> None:
        # A hidden filled sheet and a visible empty one: none stands out.
        _clear(first)
        _hide(second)

    assert _copied(against).outcome == "partial"


def test_what_the_sender_does_not_see_or_struck_out_is_reported() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        page = book.worksheets[1]
        first = next(c.row for row in page.iter_rows() for c in row if c.value == "(1)") + 1
        page.row_dimensions[first + 2].hidden = True
        page.column_dimensions["F"].hidden = True
        page.cell(first, 4).font = Font(strike=True)
        page.cell(first + 1, 5).font = Font(color="FFFFFFFF")
        book.worksheets[2].sheet_state = "hidden"

    reading = read_workbook(changed(workbook(), hide), KEY)
    assert (reading.outcome, _rows(reading)) == ("accepted", _rows(read_workbook(workbook(), KEY)))
    shown = [notice for s in reading.sheets for notice in s.notices]
    for part in ("1 dòng bị ẩn", "cột bị ẩn", "1 ô bị gạch ngang", "1 ô chữ trắng", "trang bị ẩn"):
        assert any(part in notice for notice in shown), (part, shown)
        assert part in (reading.reason or "")


def test_a_filtered_row_is_reported_as_filtered() -> None:
    def filter_(book: openpyxl.Workbook) -> None:
        page = book.worksheets[1]
        first = next(c.row for row in page.iter_rows() for c in row if c.value == "(1)") + 1
        page.auto_filter.ref = f"A{first - 1}:L{page.max_row}"
        page.row_dimensions[first].hidden = True

    reading = read_workbook(changed(workbook(), filter_), KEY)
    assert "1 dòng bị lọc ẩn" in (reading.reason or "")


def test_a_total_is_no_sector_of_one_cooperative() -> None:
    reading = read_workbook(workbook(Edit("set", "BIEU_02", "sector", 0, RawText("Tổng số"))), KEY)
    (problem,) = reading.problems
    assert problem.diagnosis and problem.diagnosis.kind == "total_no_sector"
    register, counts = (next(c for c in load_forms()[f].columns if c.name == "sector") for f in ("BIEU_02", "BIEU_01"))
    assert "total" in counts.choices and "total" not in register.choices


def test_a_code_that_lost_its_digits_is_queried() -> None:
    column = next(c for c in load_forms()["BIEU_02"].columns if c.name == "tax_code")
    with pytest.raises(CellError) as refused:
        converter(column)(1.234567890123456e15)
    assert refused.value.kind == "lost_digits"


def test_a_leading_zero_is_restored_where_the_column_proves_it() -> None:
    def lose(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if p.title.endswith("02"))
        header = next(c for row in page.iter_rows() for c in row if c.value == "Mã số thuế")
        first = next(c.row for row in page.iter_rows(min_row=header.row) for c in row if c.value == "(1)") + 1
        page.cell(first, header.column).value = 300100045

    reading = read_workbook(changed(workbook(), lose), KEY)
    names = [c.name for c in load_forms()["BIEU_02"].raw_columns]
    assert next(v for _, v in _rows(reading, "BIEU_02"))[names.index("tax_code")] == "0300100045"  # type: ignore[attr-defined]
    assert "1 mã mất số 0 ở đầu (ô kiểu số), được đọc là 0300100045" in (reading.reason or "")


def test_a_share_is_asked_about_where_the_file_does_not_tell_percentages() -> None:
    rate = next(c for c in load_forms()["BIEU_04B"].columns if c.name == "rate_per_year_pct")
    asked = ambiguous_percent(rate, 0.0065)
    assert asked is not None and asked.proposal == "0,65% hay 0,0065%"
    assert ambiguous_percent(rate, 0.65) is None
    # Both proposals are taken when they are typed.
    assert [converter(rate)(text.strip()) for text in asked.proposal.split("hay")] == [Decimal("7.8"), Decimal("0.078")]


def test_the_extent_of_a_sheet_is_what_is_filled() -> None:
    def format_far_down(book: openpyxl.Workbook) -> None:
        book.worksheets[1].cell(1_048_576, 30).font = Font(bold=True)

    assert read_workbook(changed(workbook(), format_far_down), KEY).outcome == "accepted"

    def fill_far_down(book: openpyxl.Workbook) -> None:
        book.worksheets[1].cell(1_048_576, 30).value = "x"

    refused = read_workbook(changed(workbook(), fill_far_down), KEY)
    assert refused.outcome == "rejected"
    assert "ô AD1048576" in refused.problems[0].message and "trang Biểu 01" in refused.problems[0].message


def test_an_xls_says_of_its_cells_what_the_same_xlsx_says() -> None:
    """Shares of a month as percentages, a hidden row and column, cells struck out, white, and without show."""
    saved = {kind: (SAVED / f"formatted.{kind}").read_bytes() for kind in ("xlsx", "xls")}
    marks = {
        kind: {
            sheet.name: (m.percents, m.struck_out, m.invisible, m.hidden_rows, m.hidden_columns)
            for sheet in open_workbook(data)
            if (m := sheet.marks)
        }
        for kind, data in saved.items()
    }
    assert marks["xls"] == marks["xlsx"]
    assert all(any(found[n] for found in marks["xls"].values()) for n in range(5))
    readings = {kind: read_workbook(data, KEY) for kind, data in saved.items()}
    assert [s.rows for s in readings["xls"].sheets] == [s.rows for s in readings["xlsx"].sheets]
    assert [s.notices for s in readings["xls"].sheets] == [s.notices for s in readings["xlsx"].sheets]
    names = [c.name for c in load_forms()["BIEU_04B"].raw_columns]
    rows = [s.rows for s in readings["xls"].sheets if s.form and s.form.code == "BIEU_04B"]
    rates = [dict(zip(names, row, strict=True))["rate_per_year_pct"] for _, row in rows[0]]
    assert rates[:5] == [Decimal("5.4"), Decimal("5.4"), Decimal("4.8"), Decimal("5.4"), Decimal("6.6")]


@pytest.mark.parametrize("keep", [600, 5_000, 40_000])
def test_an_xls_whose_formats_cannot_be_read_tells_none(keep: int) -> None:
    data = (SAVED / "formatted.xls").read_bytes()[:keep]
    assert inspect_xls(data) == Inspected()


def test_a_file_of_an_old_format_without_shares_is_read() -> None:
    assert read_workbook((SAVED / "saved.xls").read_bytes(), KEY).outcome == "accepted"


def test_a_blank_column_between_others_is_no_fault() -> None:
    """Also below a merged heading, which then spans it."""

    def insert(book: openpyxl.Workbook) -> None:
        page = book.worksheets[1]
        group = next(c for row in page.iter_rows() for c in row if c.value == "Số lượng tổ chức")
        areas = [(a.min_row, a.max_row, a.min_col, a.max_col) for a in page.merged_cells.ranges]
        for area in list(page.merged_cells.ranges):
            page.unmerge_cells(str(area))
        at = group.column + 2
        page.insert_cols(at)
        for top, bottom, left, right in areas:
            first, last = left + (left >= at), right + (right >= at)
            page.merge_cells(start_row=top, end_row=bottom, start_column=first, end_column=last)

    reading = read_workbook(changed(workbook(), insert), KEY)
    assert reading.problems == []
    plain = _rows(read_workbook(workbook(), KEY))
    assert _rows(reading) == plain
