"""Layouts that drift: the same figures are read wherever a province puts them, and nothing else is."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, product

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.vietnamese.numbers import format_number
from tests.conftest import KEY
from tests.legacy_fonts import to_vni
from tests.workbooks import workbook

#: A form without merged data cells, with text, date and money columns: here every two variations meet.
FORM = "BIEU_04B"
#: Here each variation stands alone, and all meet.
OTHERS = ("BIEU_01", "BIEU_02", "BIEU_05B", "BIEU_05C")


def _page(book: openpyxl.Workbook, form: str = FORM) -> Worksheet:
    return next(p for p in book.worksheets if p.title.upper().endswith(form[-2:].lstrip("0")))


def _header_row(page: Worksheet) -> int:
    return next(c.row for row in page.iter_rows() for c in row if str(c.value).strip() == "TT")


def _unmerge(page: Worksheet) -> None:
    for area in list(page.merged_cells.ranges):
        text = page.cell(area.min_row, area.min_col).value
        page.unmerge_cells(str(area))
        if area.min_row >= _header_row(page):
            for row in range(area.min_row, area.max_row + 1):
                for column in range(area.min_col, area.max_col + 1):
                    page.cell(row, column).value = text


def _more_title_rows(page: Worksheet) -> None:
    _unmerge(page)
    page.insert_rows(1, 4)
    page["B2"] = "Kèm theo công văn của đơn vị mẫu"


def _columns_the_other_way_round(page: Worksheet) -> None:
    _unmerge(page)
    first = _header_row(page)
    for row in page.iter_rows(min_row=first):
        values = [c.value for c in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


def _an_empty_column_in_front(page: Worksheet) -> None:
    _unmerge(page)
    page.insert_cols(1)


def _units_in_headers(page: Worksheet) -> None:
    _unmerge(page)
    header = _header_row(page)
    for row in page.iter_rows(min_row=header, max_row=header + 1):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(("Vốn", "Số tiền", "Dư nợ", "Giá trị")):
                cell.value += " (triệu đồng)"


def _shouting_headers(page: Worksheet) -> None:
    header = _header_row(page)
    for row in page.iter_rows(min_row=header, max_row=header + 1):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = f" {cell.value.upper()}  "


def _header_again_on_the_second_printed_page(page: Worksheet) -> None:
    _unmerge(page)
    header = _header_row(page)
    names = [c.value for c in page[header + 1]]
    first = next(r for r in range(header, page.max_row + 1) if page.cell(r, 1).value == 1)
    page.insert_rows(first + 2)
    for position, name in enumerate(names, 1):
        page.cell(first + 2, position).value = name


def _hidden_rows_and_sheet(page: Worksheet) -> None:
    header = _header_row(page)
    page.row_dimensions[header + 4].hidden = True
    page.sheet_state = "hidden"


def _numbers_as_text(page: Worksheet) -> None:
    for row in page.iter_rows(min_row=_header_row(page) + 1):
        for cell in row[1:]:
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                number = Decimal(repr(cell.value))
                places = 0 if number == number.to_integral_value() else 6
                cell.value = f" {format_number(number, decimals=places)}\u00a0"


def _an_old_font(page: Worksheet) -> None:
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = to_vni(cell.value)


def _a_signature_below(page: Worksheet) -> None:
    last = page.max_row
    page.cell(last + 2, 2).value = "Nơi mẫu, ngày 2 tháng 12 năm 2021"
    page.cell(last + 3, 2).value = "NGƯỜI LẬP BIỂU"
    page.cell(last + 6, 2).value = "Người Mẫu Ký"


def _numbering_row(page: Worksheet, label: Callable[[int], object]) -> None:
    for cell in page[_first_data_row(page) - 1]:
        cell.value = label(cell.column)


def _first_data_row(page: Worksheet) -> int:
    # The last row of the header's block may hold the numbering already.
    header = _header_row(page)
    below = (page.cell(row, 2) for row in range(header + 1, page.max_row + 1))
    numbering = next((c.row for c in below if str(c.value) in {"(2)", "2"}), header + 1)
    return numbering + 1


def _bare_column_numbers(page: Worksheet) -> None:
    _numbering_row(page, lambda column: column)


def _column_formulas(page: Worksheet) -> None:
    _numbering_row(page, lambda column: f"({column}={column - 1}/{column - 2})" if column % 3 == 0 else f"({column})")


def _column_letters(page: Worksheet) -> None:
    _numbering_row(page, lambda column: "ABC"[column - 1] if column < 4 else str(column - 3))


def _totals(page: Worksheet) -> None:
    """A total above the data and one below, as accountants and Word tables have them."""
    _unmerge(page)
    first = _first_data_row(page)
    filled = [c.column for c in page[first] if isinstance(c.value, int | float)]
    last = max(row[2].row for row in page.iter_rows(min_row=first) if row[2].value and row[3].value)
    for row, label in ((last + 1, "Tổng cộng:"), (first, "CỘNG TOÀN TỈNH")):
        page.insert_rows(row)
        page.cell(row, 2).value = label
        for column in filled[1:]:
            page.cell(row, column).value = 987.5


def _a_chapter(page: Worksheet) -> None:
    _unmerge(page)
    first = _first_data_row(page)
    page.insert_rows(first)
    page.cell(first, 1).value = "I"
    page.cell(first, 2).value = "Khu vực nông thôn"


def _notes_in_headers(page: Worksheet) -> None:
    header = _header_row(page)
    for row in page.iter_rows(min_row=header, max_row=header + 1):
        for number, cell in enumerate(row, 1):
            if isinstance(cell.value, str) and len(cell.value.strip()) > 3 and "(" not in cell.value[:2]:
                cell.value += " (*)" if number % 2 else f"\n({number})"


def _another_title(page: Worksheet) -> None:
    page.title = "Trang tính mẫu"
    for row in page.iter_rows(max_row=_header_row(page) - 1):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("Biểu"):
                cell.value = cell.value.replace("Biểu 0", "MẪU BIỂU SỐ ")


def _no_title(page: Worksheet) -> None:
    page.title = "Trang tính khác"
    for row in page.iter_rows(max_row=_header_row(page) - 1):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.upper().startswith(("BIỂU", "MẪU")):
                cell.value = None


def _merges_lost(page: Worksheet) -> None:
    """What a text file or a conversion makes of merged cells: a value, then blanks."""
    for area in list(page.merged_cells.ranges):
        if area.min_row >= _first_data_row(page):
            page.unmerge_cells(str(area))


#: These change where the others look for a header or a first row, so they stand alone.
ALONE: dict[str, Callable[[Worksheet], None]] = {
    "bare column numbers": _bare_column_numbers,
    "column formulas": _column_formulas,
    "column letters": _column_letters,
    "no title": _no_title,
    "merges lost": _merges_lost,
}
VARIATIONS: dict[str, Callable[[Worksheet], None]] = {
    # What adds rows comes before what moves columns.
    "totals": _totals,
    "chapter": _a_chapter,
    "hidden": _hidden_rows_and_sheet,
    "shouting": _shouting_headers,
    "units": _units_in_headers,
    "header again": _header_again_on_the_second_printed_page,
    "more titles": _more_title_rows,
    "empty column": _an_empty_column_in_front,
    "reversed": _columns_the_other_way_round,
    "notes": _notes_in_headers,
    "another title": _another_title,
    "signature": _a_signature_below,
    "numbers as text": _numbers_as_text,
    "old font": _an_old_font,
}
ALONE_AND_ALL = [*((name,) for name in {**ALONE, **VARIATIONS}), tuple(VARIATIONS)]
MEETINGS = [
    *((FORM, names) for names in [*ALONE_AND_ALL, *combinations(VARIATIONS, 2), *product(ALONE, VARIATIONS)]),
    *((form, names) for form in OTHERS for names in ALONE_AND_ALL),
]


@pytest.fixture(scope="module")
def plain() -> bytes:
    return workbook(code="25")


@pytest.fixture(scope="module")
def expected(plain: bytes) -> WorkbookReading:
    return read_workbook(plain, KEY)


@pytest.mark.parametrize(("form", "names"), MEETINGS, ids=[f"{form}: {' + '.join(names)}" for form, names in MEETINGS])
def test_a_layout_changes_nothing_of_what_is_read(
    form: str, names: tuple[str, ...], plain: bytes, expected: WorkbookReading
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    page = _page(book, form)
    for name in names:
        {**ALONE, **VARIATIONS}[name](page)
    target = io.BytesIO()
    book.save(target)
    reading = read_workbook(target.getvalue(), KEY)
    rows = [
        [values for _, values in next(s for s in r.sheets if s.form and s.form.code == form).rows]
        for r in (expected, reading)
    ]
    assert len(rows[0]) > 3
    assert reading.problems == []
    assert rows[1] == rows[0]


@pytest.mark.parametrize(
    ("unit", "factor"), [("đồng", 1), ("nghìn đồng", 10**3), ("triệu đồng", 10**6), ("Tỷ đồng", 10**9), ("tr.đ", 10**6)]
)
@pytest.mark.parametrize("where", ["header", "unit line"])
def test_money_is_in_the_unit_the_sheet_states(unit: str, factor: int, where: str, plain: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    page = _page(book)
    header = _header_row(page)
    own = next(c for row in page.iter_rows() for c in row if c.value == "Số tiền vay")
    line = next(c for row in page.iter_rows(max_row=header) for c in row if str(c.value).startswith("Đơn vị tính"))
    first = next(r for r in range(header, page.max_row + 1) if page.cell(r, 1).value == 1)
    for cell in page[first]:
        # Whole amounts, which are possible in every unit.
        if isinstance(cell.value, float) and cell.value >= 1:
            cell.value = round(cell.value)
        elif isinstance(cell.value, str) and cell.value.strip().replace(".", "").replace(",", "").isdigit():
            cell.value = cell.value.partition(",")[0]
    page.cell(first, own.column).value = 7
    if where == "header":
        own.value = f"{own.value} ({unit})"
    else:
        line.value = f"ĐVT: {unit}"
    for row in range(first + 1, page.max_row + 1):
        page.cell(row, own.column).value = None
    target = io.BytesIO()
    book.save(target)
    sheet = next(s for s in read_workbook(target.getvalue(), KEY).sheets if s.form and s.form.code == FORM)
    assert sheet.form is not None
    position = [c.header[-1] for c in sheet.form.raw_columns].index("Số tiền vay")
    ((_, values),) = sheet.rows
    assert values[position] == 7 * factor
