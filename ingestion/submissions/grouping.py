"""Equal faults of a column as one line: what a person reads of the problems of a reading. Programs get each cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingestion.submissions.inspection import column_index
from ingestion.submissions.reader import Problem

_CELL = re.compile(r"([A-Z]+)(\d+)")
#: More ranges than these are counted only.
_MAX_RANGES = 8
#: Values quoted in a line of cells that differ.
_QUOTED = 3


@dataclass(frozen=True)
class Line:
    """One or more equal problems: what was found, what to do, and the cells (``F7:F36``); in Vietnamese."""

    message: str
    remedy: str
    cells: str | None
    problems: tuple[Problem, ...]


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The problems in their order, equal ones of a column together at the place of the first."""
    together: dict[object, list[Problem]] = {}
    for problem in problems:
        together.setdefault(_sameness(problem), []).append(problem)
    return [_line(same) for same in together.values()]


def ranges(cells: Iterable[str]) -> str:
    """Cells as a person names them: ``["F7", "F8", "F10"]`` -> ``"F7:F8, F10"``."""
    places = sorted({(m[1], int(m[2])) for cell in cells if (m := _CELL.fullmatch(cell))}, key=_by_column)
    found = []
    for (letters, _), run in groupby(enumerate(places), key=lambda item: (item[1][0], item[1][1] - item[0])):
        rows = [place[1] for _, place in run]
        found.append(f"{letters}{rows[0]}" + (f":{letters}{rows[-1]}" if len(rows) > 1 else ""))
    return ", ".join(found[:_MAX_RANGES]) + (f", … ({len(places)} ô)" if len(found) > _MAX_RANGES else "")


def _by_column(place: tuple[str, int]) -> tuple[int, int]:
    return column_index(place[0]), place[1]


def _sameness(problem: Problem) -> object:
    """Equal for problems that share a line."""
    if problem.cell is None:
        return id(problem)
    diagnosis = problem.diagnosis
    if diagnosis is None:
        # A check of rows: cells that break it are alike, whatever they hold.
        return problem.level, problem.sheet, problem.form, problem.column, problem.expected
    column = None if diagnosis.wording.by_sheet else problem.column
    # Without a wording for many only cells of one content are alike; a merged range is one fault.
    found = None if diagnosis.wording.many_vi else (diagnosis.found, diagnosis.proposal)
    return problem.level, problem.sheet, problem.form, column, diagnosis.kind, found, problem.expected


def _line(same: Sequence[Problem]) -> Line:
    first = same[0]
    if len(same) == 1:
        return Line(first.message, first.remedy, first.cell, tuple(same))
    cells = ranges(p.cell for p in same if p.cell)
    if first.diagnosis is None:
        found = ", ".join(dict.fromkeys(f"“{p.found}”" if p.found else "ô trống" for p in same[:_QUOTED]))
        more = ", …" if len(same) > _QUOTED else ""
        column = f", cột “{first.label}”" if first.label else ""
        message = f"Trang {first.sheet}{column}: {len(same)} ô {cells} ({found}{more}); cần {first.expected}."
        return Line(message, first.remedy.replace(f"ô {first.cell}", f"ô {cells}"), cells, tuple(same))
    wording = first.diagnosis.wording
    if wording.many_vi:
        what = wording.many_vi.format(count=len(same), cells=cells)
    else:
        what = f"{len(same)} ô {cells}: {first.diagnosis.sentence()}"
    column = "" if wording.by_sheet else f", cột “{first.label}”"
    message = f"Trang {first.sheet}{column}: {what}; cần {first.expected}."
    return Line(message, first.diagnosis.remedy(cells), cells, tuple(same))
