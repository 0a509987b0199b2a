"""The sender's workbook as a book that can be marked, saved and read again with the same values.

Contains what must happen so that a receipt is read like the file it is about: earlier marks are removed, stored values
of formulas are kept, and a file of another format becomes a copy of its cells. What a receipt says is in
:mod:`ingestion.submissions.receipts`.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.submissions.inspection import UNCALCULATED, cells, column_letter, part, sheet_parts, stored
from ingestion.submissions.workbook import Sheet, open_workbook
from warehouse.stamps import DEFINED_NAME, RECEIPT, stamped

_AUTHOR = "HTX Data Bank"
_COLOUR = "F4B084"
_MARK = PatternFill("solid", fgColor=_COLOUR)
#: A comment of ours says how to correct; programs that save the file may replace its author.
_OUR_COMMENT = "Cách sửa: "
#: A copy with more cells is not made: the sender corrects the file itself.
_MAX_COPIED = 1_000_000
#: A cell of a formula as openpyxl writes it, without the stored value.
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>')
_TYPE = re.compile(rb' t="[^"]*"')
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def sender_book(data: bytes) -> Workbook | None:
    """The workbook of ``data`` without marks of earlier receipts; None for what cannot be read."""
    # Many kinds of exceptions are raised for damaged files; the problems of the file are already in the reading.
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), keep_links=False) if data.startswith(b"PK") else None
        if book is not None and book.worksheets:
            _restore_days(book, data)
            _unmark(book)
            return book
    with suppress(Exception):
        return _copy(list(open_workbook(data)))
    return None


def marked_cell(page: Worksheet, address: str, text: str) -> None:
    """Colour the cell at ``address`` (the first of its merged range) and comment it."""
    cell: Cell | MergedCell = page[address]
    if isinstance(cell, MergedCell):
        area = next(r for r in page.merged_cells.ranges if address in r)
        cell = page.cell(area.min_row, area.min_col)
    cell.fill = _MARK
    cell.comment = Comment(text, _AUTHOR, height=160, width=360)


def with_stored_values(saved: bytes, original: bytes) -> bytes:
    """``saved`` with the values that the formulas of ``original`` had: openpyxl keeps formulas or values, not both."""
    with suppress(Exception):
        values = _formula_values(original)
        if not values:
            return saved
        target = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(saved)) as source,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container,
        ):
            titles = {path: title for title, path in sheet_parts(source, {*source.namelist()}).items()}
            for info in source.infolist():
                xml = source.read(info)
                known = values.get(titles.get(info.filename, ""))
                container.writestr(info, _valued(xml, known) if known else xml)
        return target.getvalue()
    return saved


def _valued(xml: bytes, values: dict[str, tuple[str, str]]) -> bytes:
    def valued(match: re.Match[bytes]) -> bytes:
        kind, text = values.get(match[1].decode(), ("", ""))
        if not text and kind != "str":
            return match[0]
        attributes = _TYPE.sub(b"", match[2]) + (f' t="{kind}"'.encode() if kind else b"")
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").encode()
        return b'<c r="%s"%s>%s<v>%s</v></c>' % (match[1], attributes, match[3], escaped)

    return _FORMULA_CELL.sub(valued, xml)


def _formula_values(data: bytes) -> dict[str, dict[str, tuple[str, str]]]:
    """Type and text of the stored values of formulas, by sheet and cell."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    if not data.startswith(b"PK"):
        return found
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        names = {*container.namelist()}
        for title, path in sheet_parts(container, names).items() if "xl/workbook.xml" in names else ():
            xml = part(container, path)
            if b"<f" not in xml and b":f" not in xml:
                continue
            for row, column, cell in cells(xml):
                formula, value = stored(cell)
                if formula:
                    at = f"{column_letter(column)}{row + 1}"
                    found.setdefault(title, {})[at] = cell.get("t", ""), value or ""
    return found


def _restore_days(book: Workbook, data: bytes) -> None:
    """Put numbers back that openpyxl takes for days and finds impossible: a cell formatted as a date may hold any."""
    lost = [
        (page.title, cell.coordinate, cell)
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "e" and cell.value == "#VALUE!" and cell.is_date
    ]
    if not lost:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = sheet_parts(container, {*container.namelist()})
        texts = {
            (title, f"{column_letter(column)}{row + 1}"): stored(cell)[1] or ""
            for title in {title for title, _, _ in lost}
            for row, column, cell in cells(part(container, parts[title]))
        }
    for title, address, cell in lost:
        text = texts.get((title, address), "")
        if _NUMBER.fullmatch(text):
            shape = cell.number_format
            cell.value = float(text)
            cell.number_format = shape


def _unmark(book: Workbook) -> None:
    """Remove summaries, colours and comments of earlier receipts."""
    for page in list(book.worksheets):
        names = [d.attr_text for d in page.defined_names.values() if d.name == DEFINED_NAME]
        first = [str(cell.value) for row in page.iter_rows(max_row=1) for cell in row if cell.value is not None]
        if stamped([*map(str, names), *first]) == RECEIPT and len(book.worksheets) > 1:
            book.remove(page)
            continue
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment is not None and _OUR_COMMENT in cell.comment.text:
                    cell.comment = None
                    if str(cell.fill.fgColor.rgb).endswith(_COLOUR):
                        cell.fill = PatternFill()


def _copy(sheets: list[Sheet]) -> Workbook | None:
    """A workbook with the cells of ``sheets``, of which openpyxl cannot open the file itself."""
    sheets = [sheet for sheet in sheets if sheet.stamp != RECEIPT]
    if not sheets or sum(len(s.rows) * max(map(len, s.rows), default=0) for s in sheets) > _MAX_COPIED:
        return None
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        # The title is the sender's: problems name it.
        page = book.create_sheet()
        page.title = sheet.name
        for number, row in enumerate(sheet.rows):
            for position, value in enumerate(row):
                _copy_cell(page.cell(number + 1, position + 1), value, sheet, (number, position))
        for top, left, bottom, right in sheet.merged:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for number in sheet.marks.hidden_rows:
            page.row_dimensions[number + 1].hidden = True
    if all(sheet.hidden for sheet in sheets):
        book.worksheets[0].sheet_state = "visible"
    return book


def _copy_cell(
    cell: Cell | MergedCell, value: int | float | str | bool | time | date | datetime | timedelta, sheet: Sheet,
    place: tuple[int, int],
) -> None:  # fmt: skip
    error = sheet.errors.get(place)
    if error is not None:
        # An error is shown as one; a formula without a value is shown as not available once it is calculated.
        cell.value, cell.data_type = ("=NA()", "f") if error == UNCALCULATED else (error, "e")
    elif value != "":
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        if isinstance(value, str):
            # What a sender typed is shown, never calculated.
            cell.data_type = "s"
        elif place in sheet.percents:
            cell.number_format = "0.00%"
        elif isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
