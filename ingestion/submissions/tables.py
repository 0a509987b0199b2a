"""Where on a sheet a form's table is: its header, its columns, its data rows.

Headers are matched by folded text, never by position. This module distinguishes data rows from titles, numbering rows,
notes and signatures; :mod:`ingestion.submissions.values` reads the cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter

from rapidfuzz import fuzz

from ingestion.forms.definition import Column, Form, code_list, form_versions
from ingestion.submissions.workbook import Cell, Sheet
from ingestion.vietnamese.numbers import is_missing
from ingestion.vietnamese.text import fold, nfc

MAX_TITLE_ROWS = 30
MAX_HEADER_DEPTH = 4
#: From this likeness (of 100) on, an unknown header may be that of a missing column.
_ALIKE = 60

#: Header texts that carry no data.
_IGNORED_HEADERS = frozenset({"", "tt", "stt", "so tt", "ghi chu"})
_FOOTER = re.compile(
    r"(nguoi lap|lap bieu|thu truong|chu tich|pho chu tich|giam doc|ke toan|noi nhan|ghi chu|xac nhan|tm\b|kt\b)"
    r"|.*\bngay\b.*\bthang\b.*\bnam\b"
)
#: A unit behind a header's own words: "Vốn điều lệ (triệu đồng)", "Vốn vay; ĐVT: tỷ đồng".
_UNIT = re.compile(
    r"\s*(?:[(\[]|[;,]\s*(?=đvt|đơn vị))\s*(?:(?:đvt|đơn vị(?: tính)?)\s*:?\s*)?"
    r"(?:(?:nghìn|ngàn|triệu|tr\.?|tỷ|tỉ)?\s*(?:đồng|đ|vnđ|vnd)|người|tổ chức|htx|gian|lượt|%[^)\]]*)"
    r"\s*[)\]]?$",
    re.IGNORECASE,
)
#: The parts of a header besides its words: a footnote mark, and its number from the numbering row below.
_HEADER_MARK = re.compile(r"(?:\s*(?:\((?:\*+|\d{1,2}(?:\s*[=:+/x-].*)?|[A-Za-z])\)|\*+|[¹²³]))+$")
#: A cell of a row that numbers the columns: "(3)", "3", "(3=2/1)", "(3)=(1)+(2)", "A", "(b)".
_NUMBERING = re.compile(r"(?P<open>\()?(?:(?P<number>\d{1,2})|[A-Za-z])(?:\s*=[^)]*)?\)?(?:\s*=.*)?")
_LONGEST_NUMBERING = 5
_NOTHING = re.compile(r"khong (phat sinh|co)( .*)?")
#: The label of a row that sums up the rows around it; "Tổng công ty …" is a company.
_TOTAL = re.compile(
    r"tong(?: so)?|cong|tong cong(?: (?!ty\b).*)?|(?:tong so|cong) (?:toan|chung|trang|muc|nhom|so|[ivx\d]).*"
)
#: Numbers of chapters within a table: "I", "II.1", "A", "b)".
_CHAPTER = re.compile(r"[ivx]+(?: \d+)?|[a-h]", re.ASCII)
#: A form's code as titles and tabs write it: "Biểu 01", "BIỂU SỐ 4A", "Mẫu biểu 05 b", on tabs also "B01".
_TITLE_CODE = re.compile(r"(?:mau bieu|bieu mau|bieu|mau)(?: so)? ?0*(\d{1,2}) ?([a-d])?(?: |$)")
_TAB_CODE = re.compile(r"(?:b|sheet bieu)? ?0*(\d{1,2}) ?([a-d])?")


@dataclass(frozen=True)
class Header:
    """A header found on a sheet. ``columns`` maps sheet column (from 0) to the form's column."""

    first_row: int
    depth: int
    columns: Mapping[int, Column]
    missing: tuple[Column, ...]
    unknown: Mapping[int, str]
    #: The header's texts as they stand, from top to bottom, by sheet column: a unit may stand in them.
    texts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def data_start(self) -> int:
        """First row (from 0) below the header."""
        return self.first_row + self.depth

    def labels(self) -> dict[str, str]:
        """The name of each column of the form as the sheet writes it; with the text above where two have one name."""
        texts = {c.name: [nfc(t) for t in self.texts.get(p, ())] or [c.label] for p, c in self.columns.items()}
        count = Counter(found[-1] for found in texts.values())
        return {
            name: found[-1] if count[found[-1]] == 1 else " – ".join(dict.fromkeys(found))
            for name, found in texts.items()
        }

    def units(self, position: int) -> list[str]:
        """The units that stand behind the header's own words in a sheet column: ``["(triệu đồng)"]``."""
        return [found[0] for text in self.texts[position] if (found := _UNIT.search(nfc(text)))]


@dataclass(frozen=True)
class DataRow:
    """One data row: ``number`` as Excel shows it (from 1), cells in sheet order."""

    number: int
    cells: list[Cell]


@cache
def _form_marks() -> dict[str, Form]:
    """Folded texts that begin a title, longest first: codes, and the words of the title without the code."""
    marks = {}
    for forms in form_versions().values():
        marks[fold(forms[0].code)] = forms[0]
        for form in forms:
            title = fold(form.title)
            code = _TITLE_CODE.match(title)
            marks[title[code.end() :] if code else title] = forms[0]
    # The title of a form that is being drafted may have no words yet.
    return {mark: marks[mark] for mark in sorted(marks, key=len, reverse=True) if mark}


@cache
def _any_mark() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, _form_marks()))})(?= |$)")


def find_form(sheet: Sheet) -> Form | None:
    """The form a sheet holds: by its name, else by a title cell that begins with the form's code or words.

    A sheet with neither is recognised by its header, if the header is complete.
    """
    if form := _marked(sheet.name) or _coded(_TAB_CODE.fullmatch(fold(sheet.name))):
        return form
    titles = (cell for row in sheet.rows[:MAX_TITLE_ROWS] for cell in row if isinstance(cell, str) and cell)
    return next((form for title in titles if (form := _marked(title))), None) or _by_header(sheet)


def is_named(sheet: Sheet, code: str) -> bool:
    """Whether a sheet's name is the code of a form and nothing else: "BIEU_01", "Biểu 01", "B1"; not "Biểu 01 (2)"."""
    name = fold(sheet.name)
    title = _TITLE_CODE.fullmatch(name)
    form = _coded(title or _TAB_CODE.fullmatch(name))
    return name == fold(code) or (form is not None and form.code == code)


def _marked(text: str) -> Form | None:
    name = fold(text)
    if form := _coded(_TITLE_CODE.match(name)):
        return form
    mark = _any_mark().match(name)
    return _form_marks()[mark[0]] if mark else None


def _coded(match: re.Match[str] | None) -> Form | None:
    versions = form_versions().get(f"BIEU_{int(match[1]):02d}{(match[2] or '').upper()}") if match else None
    return versions[0] if versions else None


def _by_header(sheet: Sheet) -> Form | None:
    found = [
        versions[0]
        for versions in form_versions().values()
        if any(
            header is not None and not header.missing and not header.unknown
            for version in versions
            if version.kind == "table" and (header := find_header(version, sheet))
        )
    ]
    return found[0] if len(found) == 1 else None


@cache
def _title_beginnings() -> frozenset[str]:
    return frozenset(mark[:2] for mark in ("bieu", "mau", *_form_marks()))


@lru_cache(maxsize=1 << 12)
def _may_be_title(two_letters: str) -> bool:
    return fold(two_letters) in _title_beginnings()


def split_tables(sheet: Sheet) -> list[tuple[Sheet, Form | None]]:
    """The tables of a sheet, each as a sheet of its own with its form: most sheets hold one.

    A table begins at a title that names its form and reaches to the next title. A title counts only if the form's
    header stands below it, so that a note that mentions a form divides nothing.
    """
    starts: list[tuple[int, Form]] = []
    # Only a sheet that names two forms is searched row by row.
    named = {_marked(text) for text in sheet.texts if _may_be_title(text[:2])}
    for number, row in enumerate(sheet.rows if len(named - {None}) > 1 else ()):
        for cell in row:
            if isinstance(cell, str) and _may_be_title(cell[:2]) and (form := _marked(cell)) is not None:
                if not starts or starts[-1][1] is not form:
                    starts.append((number, form))
                break
    whole = find_form(sheet)
    if len(starts) > 1:
        starts = [
            (start, form)
            for (start, form), (end, _) in zip(starts, [*starts[1:], (len(sheet.rows), form)], strict=True)
            if _begins(form, _part_of(sheet, start, end))
        ]
    if len(starts) < 2:
        return [(sheet, whole)]
    ends = [start for start, _ in starts[1:]] + [len(sheet.rows)]
    firsts = [0] + [start for start, _ in starts[1:]]
    return [(_part_of(sheet, first, end), form) for first, end, (_, form) in zip(firsts, ends, starts, strict=True)]


def _begins(form: Form, part: Sheet) -> bool:
    if form.kind == "table":
        return any(find_header(version, part) is not None for version in form_versions()[form.code])
    texts = {fold(cell) for row in part.rows[:MAX_TITLE_ROWS] for cell in row if isinstance(cell, str)}
    return sum(fold(c.header[-1]) in texts for c in form.columns) * 2 >= len(form.columns)


def _part_of(sheet: Sheet, start: int, end: int) -> Sheet:
    merged = tuple(
        (top - start, left, bottom - start, right)
        for top, left, bottom, right in sheet.merged
        if start <= top and bottom < end
    )
    return replace(sheet, rows=sheet.rows[start:end], merged=merged, first_row=sheet.first_row + start)


@cache
def _header_index(form: Form) -> dict[tuple[str, ...], Column]:
    """Folded header paths by which each column is known: whole paths, and the last part where it is unique."""
    index: dict[tuple[str, ...], Column] = {}
    leaves: dict[str, list[Column]] = {}
    for column in form.columns:
        parents, own = column.header[:-1], (column.header[-1], *column.aliases)
        for text in own:
            index[(*map(fold, parents), fold(text))] = column
            leaves.setdefault(fold(text), []).append(column)
    for text, columns in leaves.items():
        if len({column.name for column in columns}) == 1:
            index.setdefault((text,), columns[0])
    return index


def find_header(form: Form, sheet: Sheet) -> Header | None:
    """The best header for ``form`` in the sheet's first rows; None if less than half of its columns are there."""
    index = _header_index(form)
    stated = _filled(sheet, MAX_TITLE_ROWS + MAX_HEADER_DEPTH)
    filled = [[header_key(text) for text in row] for row in stated]
    words = {path[0] for path in index} | {path[-1] for path in index}
    best: tuple[int, Header] | None = None
    for first in range(min(MAX_TITLE_ROWS, len(filled))):
        if words.isdisjoint(filled[first]):
            continue
        for depth in range(1, MAX_HEADER_DEPTH + 1):
            if first + depth > len(filled):
                break
            header = _match(form, index, filled[first : first + depth], first, depth)
            score = len(header.columns)
            if best is None or score > best[0]:
                best = (score, header)
    if best is None or best[0] * 2 < len(form.columns):
        return None
    found = best[1]
    block = stated[found.first_row : found.data_start]
    texts = {p: tuple(row[p] for row in block if p < len(row) and row[p]) for p in found.columns}
    own = {
        p: nfc(next(row[p] for row in reversed(block) if p < len(row) and row[p]))
        for p in found.unknown
        if not _is_blank_column(sheet, p, found.first_row)
    }
    return replace(found, texts=texts, unknown=own)


def _is_blank_column(sheet: Sheet, position: int, first_row: int) -> bool:
    """Whether a column holds nothing from its header down: a merged heading that spans it names no column."""
    return all(position >= len(row) or _is_blank(row[position]) for row in sheet.rows[first_row:])


def unit_lines(sheet: Sheet, header: Header) -> list[str]:
    """The lines above a header that name the units of the whole table: "Đơn vị tính: triệu đồng"."""
    above = (cell for row in sheet.rows[: header.first_row] for cell in row if isinstance(cell, str))
    return [cell for cell in above if fold(cell).startswith(("don vi tinh", "dvt"))]


@lru_cache(maxsize=1 << 12)
def header_key(text: str) -> str:
    """A header's words for matching: folded, and without the unit, number or mark that may stand behind them."""
    return fold(_HEADER_MARK.sub("", _UNIT.sub("", _HEADER_MARK.sub("", nfc(text))))) if text else ""


def _match(
    form: Form, index: Mapping[tuple[str, ...], Column], block: list[list[str]], first: int, depth: int
) -> Header:
    columns: dict[int, Column] = {}
    taken: set[str] = set()
    unknown: dict[int, str] = {}
    for position in range(max(map(len, block))):
        path: list[str] = []
        for row in block:
            text = row[position] if position < len(row) else ""
            if text and (not path or path[-1] != text):
                path.append(text)
        column = index.get(tuple(path)) or (index.get((path[-1],)) if path else None)
        if column is not None and column.name not in taken:
            columns[position] = column
            taken.add(column.name)
        elif path and path[-1] not in _IGNORED_HEADERS:
            unknown[position] = path[-1]
    missing = tuple(c for c in form.columns if c.name not in taken)
    return Header(first, depth, columns, missing, unknown)


def _filled(sheet: Sheet, limit: int) -> list[list[str]]:
    """Texts of the first rows, each merged range filled with its top-left text."""
    texts = [[cell if isinstance(cell, str) else "" for cell in row] for row in sheet.rows[:limit]]
    for top, left, bottom, right in sheet.merged:
        if top < len(texts) and left < len(texts[top]):
            text = texts[top][left]
            for row in range(top, min(bottom + 1, len(texts))):
                for position in range(left, min(right + 1, len(texts[row]))):
                    texts[row][position] = text
    return texts


#: Words as officers shorten them in headers.
_SHORTENED = {
    "qd": "quyet dinh", "htx": "hop tac xa", "tht": "to hop tac", "lhhtx": "lien hiep hop tac xa", "sl": "so luong",
    "tv": "thanh vien", "ld": "lao dong", "vdl": "von dieu le", "dn": "du no", "mst": "ma so thue", "ngay tl":
    "ngay thanh lap", "tc": "to chuc", "lv": "linh vuc", "gt": "gia tri",
}  # fmt: skip


def nearest(unknown: Mapping[int, str], missing: Sequence[Column]) -> dict[int, Column]:
    """The missing columns that unknown headers may stand for, by sheet column: the most alike pairs first.

    A last header and a last column that are left over are a pair, too.
    """
    likeness = sorted(
        (
            (_likeness(text, column), position, number)
            for position, text in unknown.items()
            for number, column in enumerate(missing)
        ),
        key=lambda found: (-found[0], *found[1:]),
    )
    pairs: dict[int, Column] = {}
    for score, position, number in likeness:
        if score >= _ALIKE and position not in pairs and missing[number] not in pairs.values():
            pairs[position] = missing[number]
    left = [position for position in unknown if position not in pairs]
    over = [column for column in missing if column not in pairs.values()]
    if len(left) == len(over) == 1:
        pairs[left[0]] = over[0]
    return pairs


def _likeness(text: str, column: Column) -> float:
    stated = " ".join(_SHORTENED.get(word, word) for word in header_key(text).split())
    return max(
        max(fuzz.ratio(stated, fold(known)), fuzz.token_set_ratio(stated, fold(known)) - 10)
        for known in (column.header[-1], *column.aliases)
    )


@dataclass(frozen=True)
class Table:
    """The data rows of a table, how many rows of totals were passed over, and the columns that lost their merges."""

    rows: list[DataRow]
    totals: int = 0
    filled_down: tuple[Column, ...] = ()


def data_rows(form: Form, sheet: Sheet, header: Header) -> Table:
    """The rows of the table: without blank, numbering, repeated header, chapter, total, note and signature rows.

    A row is substantial if at least half of its required cells are filled. Substantial rows that hold a figure
    are data wherever they stand; of the others only those above the first signature or note, unless all they
    hold is one cell that is not their key. No row that may be data is skipped.
    """
    positions = list(header.columns)
    last = max(positions)
    keys = {p for p, c in header.columns.items() if c.key and not c.fill_merged}
    required = {p for p, c in header.columns.items() if c.required}
    own_texts = {p: header_key(c.header[-1]) for p, c in header.columns.items()}
    fill = _fills(sheet, header)
    rows: list[DataRow] = []
    below_footer, totals = False, 0
    needed = itemgetter(*required, *required) if required else None
    first = min(positions)
    for number, cells in enumerate(sheet.rows[header.data_start :], header.data_start):
        # Nearly every row has all required cells and a number; only the others need the checks below.
        if (
            needed
            and last < len(cells)
            and "" not in needed(cells)
            and float in map(type, cells)
            and number not in fill
            and len(str(cells[first])) > _LONGEST_NUMBERING
        ):
            rows.append(DataRow(sheet.first_row + number + 1, cells))
            continue
        # Sheets are rectangles as a rule; the comparison alone finds nearly every blank.
        reach = positions if last < len(cells) else [p for p in positions if p < len(cells)]
        filled = {p for p in reach if (cell := cells[p]) != "" and not _is_blank(cell)}
        if not filled:
            below_footer = below_footer or _is_footer(cells)
            continue
        if _numbers_columns(cells) or _is_chapter(cells, header, filled):
            continue
        if _is_total(cells, header):
            totals += 1
            continue
        if all(isinstance(cells[p], str) for p in filled) and _is_no_data(
            {p: str(cells[p]) for p in filled}, own_texts
        ):
            continue
        substantial = len(required & filled) * 2 >= len(required)
        if not substantial or _has_no_figure(cells):
            below_footer = below_footer or _is_footer(cells)
            if below_footer or (len(filled) == 1 and not keys <= filled):
                continue
        for position, value in fill.get(number, ()):
            cells[position] = value
        rows.append(DataRow(sheet.first_row + number + 1, cells))
    return Table(rows, totals, _fill_down(rows, header))


def _numbers_columns(cells: list[Cell]) -> bool:
    """Whether a row numbers the columns: "(1)", "(2)", "(3=2/1)"; "1", "2", "3"; "A", "B", "1", "2"."""
    labels = [cell for cell in cells if not _is_blank(cell)]
    numbers: list[int] = []
    bare = False
    for cell in labels:
        if isinstance(cell, float) and cell.is_integer() and 0 < cell < 100:
            numbers.append(int(cell))
            bare = True
        elif isinstance(cell, str) and len(cell) < 30 and (match := _NUMBERING.fullmatch(cell.strip())):
            bare = bare or not match["open"]
            if match["number"]:
                numbers.append(int(match["number"]))
        else:
            return False
    steps = {two - one for one, two in pairwise(numbers)}
    # Bare numbers are a numbering only if each follows the one before; a row of data may hold small numbers too.
    return len(labels) > 2 and (not bare or steps in ({1}, {-1}, set()))


def _is_total(cells: list[Cell], header: Header) -> bool:
    """Whether a row sums up others: "Tổng cộng" and figures, and no other words.

    A label that its column's list knows ("Tổng số" among the sectors) is not a total of the table.
    """
    found = False
    for position, cell in enumerate(cells):
        if not isinstance(cell, str) or is_missing(cell):
            continue
        words = fold(cell)
        if not _TOTAL.fullmatch(words):
            if not _is_number_text(cell):
                return False
            continue
        column = header.columns.get(position)
        listed = column is not None and column.code_list is not None and code_list(column.code_list).code(cell)
        found = found or not listed
    return found


def _is_number_text(text: str) -> bool:
    return all(char.isdigit() or char in " .,%+-" for char in nfc(text))


def _is_chapter(cells: list[Cell], header: Header, filled: set[int]) -> bool:
    """Whether a row is the heading of the rows below it: a chapter's number, a text, nothing else."""
    if len(filled) != 1 or not isinstance(cells[next(iter(filled))], str):
        return False
    others = [cell for p, cell in enumerate(cells) if p not in header.columns and not _is_blank(cell)]
    return len(others) == 1 and isinstance(others[0], str) and _CHAPTER.fullmatch(fold(others[0])) is not None


def _fill_down(rows: list[DataRow], header: Header) -> tuple[Column, ...]:
    """Give rows the value above them in columns that are merged on the form, where the file has lost its merges.

    Text files and conversions turn merged cells into a value, then blanks. A column with only a few blanks had no
    merges: there a blank is a fault. Returns the columns filled.
    """
    filled = []
    for position, column in header.columns.items():
        if not column.fill_merged or not rows:
            continue
        blank = [position >= len(row.cells) or _is_blank(row.cells[position]) for row in rows]
        if blank[0] or sum(blank) * 2 <= len(blank):
            continue
        above: Cell = ""
        for row, is_blank in zip(rows, blank, strict=True):
            if is_blank:
                row.cells[position] = above
            above = row.cells[position]
        filled.append(column)
    return tuple(filled)


def _is_no_data(texts: Mapping[int, str], own_texts: Mapping[int, str]) -> bool:
    """Whether a row of nothing but texts repeats the header, or says there is nothing."""
    if len(texts) == 1:
        return _NOTHING.fullmatch(fold(next(iter(texts.values())))) is not None
    return sum(header_key(text) == own_texts[p] for p, text in texts.items()) * 2 > len(texts)


def _fills(sheet: Sheet, header: Header) -> dict[int, list[tuple[int, Cell]]]:
    """Values to put where a vertically merged cell of a ``fill_merged`` column reaches."""
    fill: dict[int, list[tuple[int, Cell]]] = {}
    wanted = {p for p, c in header.columns.items() if c.fill_merged}
    for top, left, bottom, _ in sheet.merged:
        if left in wanted and top >= header.data_start:
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                fill.setdefault(row, []).append((left, sheet.rows[top][left]))
    return fill


def _has_no_figure(cells: list[Cell]) -> bool:
    """Whether a row holds nothing but words: names and titles of signers, never data."""
    return all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in cells)


def _is_blank(cell: Cell) -> bool:
    return cell == "" or (isinstance(cell, str) and cell.isspace())


def _is_footer(cells: list[Cell]) -> bool:
    return any(isinstance(cell, str) and cell and _FOOTER.match(fold(cell)) for cell in cells)
