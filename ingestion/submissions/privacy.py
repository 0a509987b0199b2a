"""Keeps personal data out of the rows of a workbook: shifted rows are refused, free texts are masked.

A form says which of its columns hold personal data (``personal``); those never leave the archive. This module covers
the other cases: a row of such a form whose cells are shifted by a column, and texts into which a sender typed a number
or an address. Recognition is in :mod:`ingestion.vietnamese.personal`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ingestion.forms.definition import Column, Form
from ingestion.submissions.values import CellError, Value
from ingestion.submissions.workbook import Cell
from ingestion.vietnamese.personal import HIDDEN, is_person_name, masked, personal_data

#: Names of two words may be those of places ("Hà Nội"): in a text only names of at least three words count.
_NAME_WORDS = 3


def quoted(form: Form, column: Column, found: str) -> str:
    """The text of a cell for messages; hidden in a table with personal columns, because the row may be shifted."""
    hidden = column.personal or (form.holds_personal_data and form.kind == "table")
    return HIDDEN if found and hidden else quoted_text(form, found)


def quoted_text(form: Form, found: str) -> str:
    """A text of a sheet outside the columns, such as a header, for messages."""
    return HIDDEN if form.holds_personal_data and is_person_name(found) else masked(found)


def shifted_cells(
    form: Form, cells: Callable[[Column], Sequence[Cell]], values: Mapping[str, Sequence[Value]]
) -> Iterator[tuple[int, Column, CellError]]:
    """Cells of a form with personal columns that contain a value of one of these columns: place, column, error.

    A personal identifier has a digit; codes and texts beside it hold no number or name of a person.
    """
    if not form.holds_personal_data or form.kind != "table":
        return
    for column in form.columns:
        if column.personal == "drop":
            continue
        suspicious = _is_no_identifier if column.personal else _is_personal(column)
        expected = "số định danh, có chữ số" if column.personal else f"“{column.label}”, không phải dữ liệu cá nhân"
        for at, (cell, value) in enumerate(zip(cells(column), values[column.name], strict=True)):
            if any(isinstance(text, str) and suspicious(text) for text in (cell, value)):
                yield at, column, CellError(HIDDEN, f"{expected} (có thể dòng này bị lệch cột)")


def _is_no_identifier(text: str) -> bool:
    return text != "" and not any(map(str.isdigit, text))


def _is_personal(column: Column) -> Callable[[str], bool]:
    def judge(text: str) -> bool:
        if column.type != "text":
            return bool(next(personal_data(text), None))
        words = 2 if column.key else _NAME_WORDS
        return bool(next(personal_data(text), None)) or (len(text.split()) >= words and is_person_name(text))

    return judge


def masked_texts(column: Column, values: list[Value]) -> tuple[list[Value], int]:
    """A column's values without personal data, and how many had some."""
    if column.type != "text" or column.identifier or column.personal:
        return values, 0
    changed = {text: kept for text in {v for v in values if isinstance(v, str)} if (kept := masked(text)) is not text}
    kept_values: list[Value] = [changed.get(v, v) if isinstance(v, str) else v for v in values] if changed else values
    return kept_values, sum(isinstance(v, str) and v in changed for v in values) if changed else 0
