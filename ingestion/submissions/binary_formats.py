"""What an .xls says of its cells besides their values: number formats, what is hidden, struck out or white.

The parser of the values returns none of it, so xlrd reads the file for it. What xlrd cannot read stays unknown, and
numbers with two readings are asked about.
"""

from __future__ import annotations

import io
from collections import defaultdict
from functools import partial
from typing import Any

import xlrd

from ingestion.submissions.inspection import Inspected, Marks, Place, unquoted

_WHITE = (255, 255, 255)
#: Fill patterns of cells: none, and one colour all over.
_NO_FILL, _SOLID = 0, 1


def inspect_xls(data: bytes) -> Inspected:
    """The marks of every sheet of an .xls, as far as they can be read."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True,
            ignore_workbook_corruption=True,
        )  # fmt: skip
        formats = [book.format_map[xf.format_key].format_str for xf in book.xf_list]
        return Inspected(
            {sheet.name: _marks(book, sheet, formats) for sheet in book.sheets()},
            since_1904=book.datemode == 1,
            fonts=tuple({font.name for font in book.font_list}),
        )
    except Exception:  # noqa: BLE001 a damaged file raises whatever its bytes lead to; its values may still be read
        return Inspected()


def _marks(book: Any, sheet: Any, formats: list[str]) -> Marks:
    styled: dict[int, list[Place]] = defaultdict(list)
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                styled[sheet.cell_xf_index(row, column)].append((row, column))
    percents: list[Place] = []
    struck_out: list[Place] = []
    invisible: list[Place] = []
    for number, places in styled.items():
        style = book.xf_list[number]
        if "%" in unquoted(formats[number]):
            percents += places
        if book.font_list[style.font_index].struck_out:
            struck_out += places
        if formats[number].strip() == ";;;" or _is_white_on_white(book, style):
            invisible += places
    return Marks(
        percents=frozenset(percents), struck_out=frozenset(struck_out), invisible=frozenset(invisible),
        hidden_rows=frozenset(row for row, line in sheet.rowinfo_map.items() if line.hidden),
        hidden_columns=frozenset(column for column, line in sheet.colinfo_map.items() if line.hidden),
        format_of=partial(_format_at, {place: formats[n] for n, places in styled.items() for place in places}),
    )  # fmt: skip


def _is_white_on_white(book: Any, style: Any) -> bool:
    if book.colour_map.get(book.font_list[style.font_index].colour_index) != _WHITE:
        return False
    fill = style.background
    solid = fill.fill_pattern == _SOLID
    return bool(fill.fill_pattern == _NO_FILL or (solid and book.colour_map.get(fill.pattern_colour_index) == _WHITE))


def _format_at(formats: dict[Place, str], row: int, column: int) -> str:
    code = formats.get((row, column), "")
    return "" if code == "General" else code
