"""Values for the sums of our template in files whose program stored none.

Programs that write workbooks without calculating them keep a formula and drop its value. The formulas of the template
are known, so that its sender need not open the file in Excel only to save it. Other formulas, and formulas of other
workbooks, are left to their sender.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ingestion.submissions.cell_formulas import value_of
from ingestion.submissions.inspection import (
    UNCALCULATED,
    Place,
    cells,
    column_index,
    formula_text,
    part,
    sheet_parts,
)


def compute_sums(data: bytes, name: str, rows: list[list[Any]], errors: Mapping[Place, str]) -> dict[Place, str]:
    """Write the values of a template's sums that the workbook ``data`` does not hold to ``rows``.

    ``errors`` are the error values of the sheet called ``name``; returns those that are left.
    """
    left = dict(errors)
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        path = sheet_parts(container, {*container.namelist()})[name]
        formulas = {(row, column): formula_text(cell) for row, column, cell in cells(part(container, path))}
    found: dict[Place, float | str | None] = {}

    def value(place: Place) -> float | str | None:
        if errors.get(place) != UNCALCULATED:
            row, column = place
            cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
            return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None
        if place not in found:
            # A formula that refers to itself has no value.
            found[place] = None
            with suppress(LookupError):
                found[place] = value_of(formulas.get(place) or "", number)
        return found[place]

    def number(letters: str, row: int) -> float | None:
        place = row - 1, column_index(letters)
        known = value(place)
        if known is None and place in errors:
            raise LookupError("a sum of an error value is none")
        return known if isinstance(known, float | int) else None

    for row, column in sorted(place for place, error in errors.items() if error == UNCALCULATED):
        known = value((row, column))
        if known is None:
            continue
        del left[row, column]
        if known != "":
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = known
    return left
