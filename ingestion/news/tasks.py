"""Tasks out of the tables of a plan: section, number, content, lead unit, co-units, window; nothing filled in.

A table whose header names contents, a lead and a time is a table of tasks; a plan's appendix printed over several
pages is several such tables, and a section continues over them. Rows whose cells moved to the right when the page was
made from a printed table are read from the moved cells, which ``shifted_by`` records. Units are matched in the
warehouse (seed ``unit_spellings``), and issues of tasks are found there, too (``int_plan_task_issue``).
Source of the formats: domain brief, part 1.9.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.news.copies import containment, shingles, words_of
from ingestion.news.tables import ArticleTable, TableRow, named_cells
from ingestion.vietnamese.text import fold

#: Two tasks are similar if at least this share of the shorter one's words is in the other.
SIMILAR = 0.6
#: Tasks with fewer words are similar by chance.
SIMILAR_WORDS = 20

_HEADERS = {
    "number": re.compile(r"^(?:s?tt|so tt|so thu tu)$"),
    "lead": re.compile(r"\bchu tri\b|\b(?:don vi|co quan)(?: don vi)? thuc hien\b"),
    "co_units": re.compile(r"\bphoi hop\b"),
    "window": re.compile(r"\bthoi (?:gian|han)\b|\btien do\b"),
    "content": re.compile(r"\bnoi dung\b|\bnhiem vu\b|\bcong viec\b"),
}
_ROMAN = re.compile(r"^([IVX]{1,5})\s*[.)]?$")
_NUMBER = re.compile(r"^(\d{1,3})\s*[.)]?$")

_YEAR = r"(?:19|20)\d\d"
_RECURRENCES = (
    ("monthly", r"(?:hang|moi|dinh ky(?: hang)?) thang"),
    ("quarterly", r"(?:hang|moi|dinh ky(?: hang)?) quy"),
    ("half_yearly", r"(?:hang|moi|dinh ky(?: hang)?) 6 thang"),
    ("yearly", r"(?:hang|moi|dinh ky(?: hang)?) nam|dinh ky"),
    ("continuous", r"thuong xuyen(?: lien tuc)?|lien tuc"),
)
_RECURRENCE = "|".join(pattern for _, pattern in _RECURRENCES)
_DATES = (
    rf"(?:tu |giai doan |trong |den |het |truoc |cuoi |dau )*"
    rf"(?:quy (?:i{{1,3}}|iv|[1-4]) |thang \d\d? |ngay \d\d? \d\d? |\d\d? \d\d? )?(?:nam )?{_YEAR}"
    rf"(?: (?:den )?(?:nam |het nam )?{_YEAR})?"
)
#: A folded text that is a window as a whole.
_WINDOW = re.compile(rf"^(?:(?:{_RECURRENCE}|{_DATES})(?: |$))+$")
_YEARS = re.compile(_YEAR)
_UNTIL = re.compile(rf"\b(?:den|het|truoc)\b(?: \w+){{0,3}} {_YEAR}$")


@dataclass(frozen=True)
class Window:
    """When a task is to be done, as far as its text says: years from and to, and how it recurs."""

    start_year: int | None = None
    end_year: int | None = None
    recurrence: str | None = None


@dataclass(frozen=True)
class PlanTask:
    """One task as its row states it; a text is None where the row is blank.

    ``position`` counts the tasks of an article from 1. ``shifted_by`` says how many columns to the right of its
    header the row stands. ``is_section`` marks a section's own row that carries a task. ``similar_to`` names the
    tasks of the same article that say nearly the same ("IV.16").
    """

    position: int
    table_number: int
    row_number: int
    section: str | None
    section_title: str | None
    number: int | None
    content: str | None
    lead: str | None
    co_units: str | None
    window_text: str | None
    window: Window
    shifted_by: int
    is_section: bool
    similar_to: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """As the plan numbers it: ``IV.16``, ``IV`` for a section's own task, ``(7)`` where it has no number."""
        own = str(self.number) if self.number is not None else None if self.is_section else f"({self.position})"
        return ".".join(part for part in (self.section, own) if part)


def plan_tasks(tables: Sequence[ArticleTable]) -> tuple[PlanTask, ...]:
    """The tasks of all task tables among ``tables``, in order."""
    tasks: list[PlanTask] = []
    section: str | None = None
    title: str | None = None
    for table in tables:
        head = next((row for row in table.rows if _columns(row) is not None), None)
        columns = _columns(head) if head else None
        if head is None or columns is None:
            continue
        for row in table.rows:
            if row.number <= head.number or named_cells(row.cells) == named_cells(head.cells):
                continue
            number = row.cells[columns["number"]] if columns["number"] < len(row.cells) else ""
            roman = _ROMAN.match(number)
            read = _read(row, columns, len(named_cells(head.cells)))
            if roman:
                section, title = roman[1], read.content
            # A section's row without lead and time is a title; a row without words is not a task.
            if not any(row.cells) or (roman and not (read.lead or read.window_text)):
                continue
            digits = _NUMBER.match(number)
            tasks.append(
                PlanTask(
                    position=len(tasks) + 1,
                    table_number=table.number,
                    row_number=row.number,
                    section=section,
                    section_title=title,
                    number=int(digits[1]) if digits else None,
                    content=read.content,
                    lead=read.lead,
                    co_units=read.co_units,
                    window_text=read.window_text,
                    window=read_window(read.window_text),
                    shifted_by=read.shifted_by,
                    is_section=roman is not None,
                )
            )
    return _with_similar(tasks)


def read_window(text: str | None) -> Window:
    """``"2021-2025"``, ``"Năm 2021"``, ``"Thường xuyên"``, ``"Định kỳ hàng năm"``; a text may say both kinds.

    A text that is not a time as a whole gives an empty window.
    """
    folded = fold(text or "")
    if not _WINDOW.match(folded):
        return Window()
    years = [int(year) for year in _YEARS.findall(folded)]
    recurrence = next((code for code, pattern in _RECURRENCES if re.search(rf"\b(?:{pattern})\b", folded)), None)
    if not years:
        return Window(recurrence=recurrence)
    only_end = len(years) == 1 and _UNTIL.search(folded) is not None
    return Window(None if only_end else years[0], years[-1], recurrence)


@dataclass(frozen=True)
class _Read:
    content: str | None
    lead: str | None
    co_units: str | None
    window_text: str | None
    shifted_by: int


def _columns(row: TableRow) -> dict[str, int] | None:
    """Which column holds what, by the words of a header row; None if it is not the header of a task table."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        folded = fold(cell)
        # "Thời gian thực hiện", "Nội dung thực hiện": the first of the patterns that fits decides.
        kind = next((kind for kind, pattern in _HEADERS.items() if pattern.search(folded)), None)
        if kind is not None and len(folded) <= 60:
            found.setdefault(kind, at)
    if not {"content", "lead", "window"} <= found.keys():
        return None
    return {"number": 0} | found


def _read(row: TableRow, columns: dict[str, int], width: int) -> _Read:
    cells = row.cells
    at = columns["content"]
    shift = 0
    if len(cells) > width and not _cell(cells, at):
        # Longer than its header and blank where the content should be: the row moved to the right.
        first = next((index for index, cell in enumerate(cells) if cell and index > at), None)
        shift = first - at if first is not None else 0
    stated = {kind: _cell(cells, columns[kind] + shift) for kind in ("lead", "co_units", "window") if kind in columns}
    # What reads as a time is the time, in whichever column of a moved or shortened row it stands.
    if not stated["window"] and (shift or len(cells) < width):
        for kind in ("co_units", "lead"):
            text = stated.get(kind)
            if text and _WINDOW.match(fold(text)):
                stated["window"], stated[kind] = text, None
                break
    return _Read(_cell(cells, at + shift), stated["lead"], stated.get("co_units"), stated["window"], shift)


def _cell(cells: tuple[str, ...], at: int) -> str | None:
    return cells[at] or None if at < len(cells) else None


def _with_similar(tasks: list[PlanTask]) -> tuple[PlanTask, ...]:
    words = [words_of(task.content or "") for task in tasks]
    sets = [shingles(found, 3) if len(found) >= SIMILAR_WORDS else frozenset() for found in words]
    alike: dict[int, list[str]] = {}
    for one, task in enumerate(tasks):
        for other in range(one + 1, len(tasks)):
            if containment(sets[one], sets[other]) >= SIMILAR:
                alike.setdefault(one, []).append(tasks[other].label)
                alike.setdefault(other, []).append(task.label)
    return tuple(replace(task, similar_to=tuple(alike.get(at, ()))) for at, task in enumerate(tasks))
