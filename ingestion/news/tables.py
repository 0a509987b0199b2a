"""Data tables inside an article, as rows of cells.

A table belongs to the article if its words do; tables that only lay out a page (menus, pictures with captions, a frame
around everything) are left out. Spans are repeated over the cells that the page states; a blank cell stays blank,
because the meaning of a lost merge cannot be known. Readers of certain tables interpret the rows (:mod:`.tasks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingestion.vietnamese.personal import HIDDEN, masked
from ingestion.vietnamese.text import fold, nfc

#: Larger tables and spans are not read as those of an article.
MAX_TABLES, MAX_ROWS, MAX_COLUMNS = 200, 2_000, 60
#: A longer cell contains running text, not a value.
MAX_CELL = 4_000

_SKIPPED = frozenset({"script", "style", "noscript", "template", "iframe", "svg"})
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_NUMBER = re.compile(r"^[\d\s.,%()+\-–/]*\d[\d\s.,%()+\-–/]*$")
#: Numbers that identify or reach a person: phones and identity cards begin with 0 and are not amounts.
_PERSONAL_NUMBER = re.compile(r"(?<![\d.,])0\d{8,11}(?![\d.,])")
_PERSONAL_HEADER = re.compile(r"\b(?:dien thoai|sdt|cccd|cmnd|cmt|can cuoc|chung minh|dinh danh)\b")


@dataclass(frozen=True)
class TableRow:
    """One row: its number in the table from 1, whether it names the columns, and its cells from left to right."""

    number: int
    is_header: bool
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ArticleTable:
    """One table: its number among the article's tables from 1, and its rows in order. Rows may differ in length."""

    number: int
    rows: tuple[TableRow, ...]


def article_tables(tree: LexborHTMLParser, body: str) -> tuple[ArticleTable, ...]:
    """The data tables of the page ``tree`` whose cells stand in the article's ``body``, in page order."""
    tables: list[ArticleTable] = []
    words = fold.__wrapped__(body)
    for node in tree.css("table")[:MAX_TABLES]:
        # A table around tables lays out the page.
        if _says_layout(node) or any(inner.mem_id != node.mem_id for inner in node.css("table")):
            continue
        rows = _rows(node)
        if _is_data(rows) and _lies_in(rows, words):
            tables.append(ArticleTable(len(tables) + 1, tuple(_without_personal_numbers(rows))))
    return tuple(tables)


def _says_layout(node: LexborNode) -> bool:
    return (node.attributes.get("role") or "").lower() in {"presentation", "none"}


def _is_data(rows: list[TableRow]) -> bool:
    """Two rows or more with two filled cells or more, and no cell with running text."""
    if len(rows) > MAX_ROWS or any(len(cell) > MAX_CELL for row in rows for cell in row.cells):
        return False
    return sum(sum(1 for cell in row.cells if cell) >= 2 for row in rows) >= 2


def _lies_in(rows: list[TableRow], words: str) -> bool:
    cells = [fold(cell) for row in rows for cell in row.cells if cell][:200]
    found = sum(1 for cell in cells if cell in words)
    return bool(cells) and found * 2 > len(cells)


def _rows(table: LexborNode) -> list[TableRow]:
    grid: list[tuple[str, ...]] = []
    marked: list[bool] = []
    #: Column -> (rows still covered, text) of cells that reach down.
    reaching: dict[int, tuple[int, str]] = {}
    for node in table.css("tr")[: MAX_ROWS + 1]:
        cells: list[str] = []
        kinds: list[str] = []
        for cell in node.css("td, th"):
            _cover(cells, reaching)
            text = _text(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            kinds.append(cell.tag or "td")
            for _ in range(min(across, MAX_COLUMNS - len(cells))):
                if down > 1:
                    reaching[len(cells)] = (down - 1, text)
                cells.append(text)
        _cover(cells, reaching)
        # A row that ends early leaves blanks up to a cell that reaches down further to the right.
        while reaching and max(reaching) >= len(cells):
            cells.append("")
            _cover(cells, reaching)
        if not cells:
            continue
        parent = node.parent
        marked.append((parent is not None and parent.tag == "thead") or set(kinds) == {"th"})
        grid.append(tuple(cells))
    headers = _headers(grid, marked)
    return [
        TableRow(number, is_header, cells)
        for number, (cells, is_header) in enumerate(zip(grid, headers, strict=True), 1)
    ]


def _cover(cells: list[str], reaching: dict[int, tuple[int, str]]) -> None:
    """Append what cells of the rows above hold over the next columns."""
    while (held := reaching.get(len(cells))) is not None:
        left, text = held
        if left > 1:
            reaching[len(cells)] = (left - 1, text)
        else:
            del reaching[len(cells)]
        cells.append(text)


def _headers(grid: list[tuple[str, ...]], marked: list[bool]) -> list[bool]:
    """Rows the page marks as headers; without any, a first row of short words, and every row that repeats it."""
    if any(marked) or not grid:
        return marked
    first = named_cells(grid[0])
    if len(first) < 2 or not all(cell and len(cell) <= 120 and not _NUMBER.match(cell) for cell in first):
        return marked
    return [named_cells(cells) == first for cells in grid]


def named_cells(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the blank ones at the end: tables made from print are padded to the width of their longest row."""
    last = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:last]


def _span(cell: LexborNode, name: str) -> int:
    stated = (cell.attributes.get(name) or "").strip()
    if not stated.isdecimal() or len(stated) > 4:
        return 1
    # 0 means "to the end"; HTML says so of rows only, and a page that writes it of columns means one.
    return MAX_ROWS if stated == "0" and name == "rowspan" else max(1, int(stated))


def _text(cell: LexborNode) -> str:
    pieces: list[str] = []
    stack = [cell]
    while stack:
        node = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            pieces.append(node.text(deep=False))
        elif tag in _SKIPPED or (tag.startswith(("-", "_", "!"))):
            continue
        else:
            if tag in _BLOCKS:
                pieces.append(" ")
            stack.extend(reversed(list(node.iter(include_text=True))))
    return nfc.__wrapped__("".join(pieces))


def _without_personal_numbers(rows: list[TableRow]) -> Iterator[TableRow]:
    """The rows without phones and identity numbers: the page keeps them in the archive, no table does."""
    columns = {
        at for row in rows if row.is_header for at, cell in enumerate(row.cells) if _PERSONAL_HEADER.search(fold(cell))
    }
    for row in rows:
        cells = tuple(
            HIDDEN
            if cell and at in columns and not row.is_header and any(char.isdigit() for char in cell)
            else masked(_PERSONAL_NUMBER.sub(HIDDEN, cell))
            for at, cell in enumerate(row.cells)
        )
        yield TableRow(row.number, row.is_header, cells)
