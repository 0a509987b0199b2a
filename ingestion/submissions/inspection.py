"""What a workbook says of its cells besides their values: errors, number formats, what is hidden or struck out.

The parser of the values returns none of it. Contains the check of a sheet's extent, too, because a parser allocates
memory by it. XML is parsed, never searched, wherever its cells do not all carry a reference.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from ingestion.submissions.unreadable import UnreadableWorkbookError, too_large
from warehouse.stamps import DEFINED_NAME, FORM_NAME, stamped

MAX_CELLS = 20_000_000
#: A formula that no program has calculated yet: the parser returns such a cell as empty, although it is not.
UNCALCULATED = "công thức chưa được tính"
#: Error values as spreadsheet programs show them.
SHOWN_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3}")

Place = tuple[int, int]

_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
# Without a word boundary in front the pattern begins with literals, which the engine finds many times faster.
_WIDE_REFERENCE = re.compile(rb'r="([A-Z]{2,3})\d')
_ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)', re.DOTALL)
_FORMULA_CELL = re.compile(rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v>([^<]*))?")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_SINCE_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_FONT = re.compile(rb'<(?:\w+:)?name val="([^"]{1,64})"')
#: Columns of the largest sheet that Excel knows.
_MAX_COLUMNS = 2**14
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)")
_COUNT = re.compile(rb'ount="(\d{7,})"')
#: Rows that an .ods hides in one element; beyond are the empty ones below the sheet.
_MOST_HIDDEN = 2**16
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TRUE = ("1", "true")
_WHITE = ("FFFFFFFF", "00FFFFFF", "FFFFFF")
_BUILTIN_FORMATS = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 49: "@"}
_ODF = {
    "table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "office": "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
    "text": "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
    "style": "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}",
}


@dataclass(frozen=True)
class Marks:
    """Of one sheet, by ``(row, column)`` from 0."""

    errors: dict[Place, str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: Cells that show their number times a hundred and a percent sign.
    percents: frozenset[Place] = frozenset()
    struck_out: frozenset[Place] = frozenset()
    #: White on white, or with a format that shows nothing.
    invisible: frozenset[Place] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    #: Whether rows are hidden by a filter rather than by hand.
    filtered: bool = False
    #: The kind of our own sheet that a defined name says it is.
    stamp: str | None = None
    #: The form and version that a sheet of our template was made for, ``BIEU_02:2021.1``.
    form: str | None = None
    #: The number format of a cell, looked up when a message needs it; None where formats are not known.
    format_of: Callable[[int, int], str] | None = None


@dataclass(frozen=True)
class Inspected:
    """What is known of a workbook before its cells are parsed; ``sheets`` by name."""

    sheets: dict[str, Marks] = field(default_factory=dict)
    since_1904: bool = False
    fonts: tuple[str, ...] = ()


def column_letter(index: int) -> str:
    """Excel's name of column ``index`` (from 0): 0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_index(letters: str) -> int:
    """The opposite of :func:`column_letter`."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def part(container: zipfile.ZipFile, name: str) -> bytes:
    """An XML part that declares no entities: no program writes any, and following them is how parsers are attacked."""
    xml = container.read(name)
    if DOCTYPE.search(xml, 0, 4096) or b"<!ENTITY" in xml:
        raise UnreadableWorkbookError(
            f"{name} declares a document type or entities, which no workbook needs",
            "Tệp chứa khai báo lạ nên không được đọc.",
            "Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.",
        )
    # A sheet announces counts in front of its cells and behind them.
    cells_end = xml.rfind(b"</sheetData>")
    _check_counts(name, xml[:4096] + xml[cells_end:] if cells_end > 4096 else xml, len(xml))
    return xml


def _check_counts(name: str, xml: bytes, size: int) -> None:
    """Refuse a part that announces more elements than it has bytes: the parser allocates memory for them beforehand."""
    for count in _COUNT.findall(xml):
        if int(count) > size:
            raise UnreadableWorkbookError(
                f"{name} of {size} bytes announces {count.decode()[:20]} elements",
                "Tệp bị hỏng, không đọc được nội dung.",
                "Mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại.",
            )


def sheet_parts(container: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name: programs number parts as they like."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in ET.fromstring(part(container, "xl/_rels/workbook.xml.rels")):  # noqa: S314 entities are refused
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[relation.get("Id", "")] = path
    parts = {}
    for element in ET.fromstring(part(container, "xl/workbook.xml")).iter():  # noqa: S314 entities are refused
        if _tag(element) == "sheet":
            relation_id = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id"), "")
            path = targets.get(relation_id, "")
            if path in names:
                parts[element.get("name", "")] = path
    return parts


def cells(xml: bytes) -> Iterator[tuple[int, int, ET.Element]]:
    """Every cell of a sheet's XML with its row and column from 0, also where cells or rows carry no reference."""
    row, column = -1, -1
    for event, element in ET.iterparse(io.BytesIO(xml), ("start", "end")):  # noqa: S314 entities are refused
        tag = _tag(element)
        if event == "start":
            if tag == "row":
                stated = element.get("r", "")
                row, column = (int(stated) - 1 if stated.isdecimal() else row + 1), -1
        elif tag == "c":
            at = _PLACE.fullmatch(element.get("r", ""))
            column = column_index(at[1]) if at else column + 1
            yield (int(at[2]) - 1 if at else row), column, element
        elif tag == "row":
            element.clear()


def stored(cell: ET.Element) -> tuple[bool, str | None]:
    """Whether a cell holds a formula, and the text of its stored value, None without one."""
    formula, value = False, None
    for child in cell:
        tag = _tag(child)
        formula = formula or tag == "f"
        if tag == "v":
            value = child.text
        elif tag == "is":
            value = "".join(child.itertext())
    return formula, value


def formula_text(cell: ET.Element) -> str | None:
    """The formula of a cell, None without one."""
    return next((child.text for child in cell if _tag(child) == "f"), None)


def inspect_xlsx(data: bytes, container: zipfile.ZipFile, names: set[str]) -> Inspected:
    """The marks of every sheet of ``data``, opened as ``container``.

    Raises :class:`UnreadableWorkbookError` for what a parser must not be given.
    """
    styles_xml = part(container, "xl/styles.xml") if "xl/styles.xml" in names else b""
    styles = _styles(styles_xml)
    workbook = part(container, "xl/workbook.xml")
    stamps = {name: stamped([text]) for name, text in _names(workbook, DEFINED_NAME).items()}
    forms = {name: text.strip('="') for name, text in _names(workbook, FORM_NAME).items()}
    marks = {}
    for sheet, path in sheet_parts(container, names).items():
        found = _inspect_sheet(sheet, part(container, path), styles)
        marks[sheet] = replace(
            found, stamp=stamps.get(sheet), form=forms.get(sheet), format_of=_Formats(data, path, styles.formats)
        )
    if "xl/sharedStrings.xml" in names:
        with container.open("xl/sharedStrings.xml") as stream:
            head = stream.read(4096)
            _check_counts("xl/sharedStrings.xml", head, container.getinfo("xl/sharedStrings.xml").file_size)
            if DOCTYPE.search(head):
                raise UnreadableWorkbookError(
                    "the shared strings declare a document type, which no workbook needs",
                    "Tệp chứa khai báo lạ nên không được đọc.",
                    "Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.",
                )
    fonts = tuple({name.decode("utf-8", "replace") for name in _FONT.findall(styles_xml)})
    since_1904 = _SINCE_1904.search(workbook) is not None
    return Inspected(marks, since_1904=since_1904, fonts=fonts)


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _names(workbook: bytes, name: str) -> dict[str, str]:
    """What a name refers to on the sheets that define it, by the sheet's name."""
    if name.encode() not in workbook:
        return {}
    root = ET.fromstring(workbook)  # noqa: S314 entities are refused
    titles = [e.get("name", "") for e in root.iter() if _tag(e) == "sheet"]
    found = {}
    for element in root.iter():
        at = element.get("localSheetId", "")
        if _tag(element) == "definedName" and element.get("name") == name and at.isdecimal() and int(at) < len(titles):
            found[titles[int(at)]] = element.text or ""
    return found


@dataclass(frozen=True)
class _Styles:
    """Number formats of the cell styles by their number in ``cellXfs``, and the styles that need a mark."""

    formats: tuple[str, ...] = ()
    percents: frozenset[str] = frozenset()
    struck_out: frozenset[str] = frozenset()
    invisible: frozenset[str] = frozenset()

    @property
    def marking(self) -> frozenset[str]:
        return self.percents | self.struck_out | self.invisible


def _styles(xml: bytes) -> _Styles:
    if not xml:
        return _Styles()
    # Elements of conditional formats have the same names deeper down.
    lists = {_tag(element): list(element) for element in ET.fromstring(xml)}  # noqa: S314 entities are refused
    codes = _BUILTIN_FORMATS | {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in lists.get("numFmts", ())}
    fonts, fills = lists.get("fonts", []), lists.get("fills", [])
    struck = {str(n) for n, font in enumerate(fonts) if any(map(_strikes, font))}
    white = {str(n) for n, font in enumerate(fonts) if any(_tag(e) == "color" and _is_white(e) for e in font)}
    plain = {str(n) for n, fill in enumerate(fills) if _shows_nothing(fill)}
    formats: list[str] = []
    percents, struck_out, invisible = set(), set(), set()
    for number, xf in enumerate(lists.get("cellXfs", ())):
        code = codes.get(int(xf.get("numFmtId", "0")), "")
        formats.append(code)
        if "%" in unquoted(code):
            percents.add(str(number))
        if xf.get("fontId") in struck:
            struck_out.add(str(number))
        if code.strip() == ";;;" or (xf.get("fontId") in white and xf.get("fillId", "0") in plain):
            invisible.add(str(number))
    return _Styles(tuple(formats), frozenset(percents), frozenset(struck_out), frozenset(invisible))


def _strikes(element: ET.Element) -> bool:
    return _tag(element) == "strike" and element.get("val", "1") in _TRUE


def _is_white(colour: ET.Element) -> bool:
    return colour.get("rgb") in _WHITE or (colour.get("theme") == "0" and not colour.get("tint"))


def _shows_nothing(fill: ET.Element) -> bool:
    """Whether a fill leaves the paper white."""
    pattern = next((e for e in fill if _tag(e) == "patternFill"), None)
    if pattern is None:
        return False
    if pattern.get("patternType", "none") == "none":
        return True
    return any(_tag(e) == "fgColor" and _is_white(e) for e in pattern)


def unquoted(code: str) -> str:
    """A number format without the texts that it shows as they are."""
    return re.sub(r'"[^"]*"|\\.', "", code)


def _inspect_sheet(name: str, xml: bytes, styles: _Styles) -> Marks:
    """Check a sheet's extent; return its marks."""
    # Programs for people write every cell with its reference first; the others are parsed.
    plain = b":sheetData" not in xml and xml.count(b"<c ") + xml.count(b"<c>") == xml.count(b'<c r="')
    if plain:
        _check_extent(name, xml)
        found = _searched(xml, styles)
    else:
        found = _parsed(name, xml, styles)
    rows, columns = _hidden(xml)
    filtered = bool(rows) and b"autoFilter" in xml
    return Marks(
        errors=found.errors, percents=found.of(styles.percents), struck_out=found.of(styles.struck_out),
        invisible=found.of(styles.invisible), hidden_rows=rows, hidden_columns=columns, filtered=filtered,
    )  # fmt: skip


@dataclass
class _Found:
    errors: dict[Place, str] = field(default_factory=dict)
    styled: dict[str, set[Place]] = field(default_factory=dict)

    def of(self, styles: frozenset[str]) -> frozenset[Place]:
        """The cells in one of these styles."""
        return frozenset().union(*(self.styled[style] for style in styles if style in self.styled))


def _searched(xml: bytes, styles: _Styles) -> _Found:
    """Errors and styled cells of a sheet whose cells all begin with their reference."""
    found = _Found()
    if b't="e"' in xml:
        for letters, row, value in _ERROR_CELL.findall(xml):
            found.errors[int(row) - 1, column_index(letters.decode())] = value.decode("utf-8", "replace")
    if b"<f" in xml:
        for attributes, value in _FORMULA_CELL.findall(xml):
            at = _REFERENCE.search(attributes)
            # A text formula may well give an empty text.
            if at and not value and b't="str"' not in attributes:
                found.errors[int(at[2]) - 1, column_index(at[1].decode())] = UNCALCULATED
    if styles.marking:
        pattern = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*?\bs="(' + "|".join(styles.marking).encode() + rb')"')
        for letters, row, style in pattern.findall(xml):
            place = int(row) - 1, column_index(letters.decode())
            found.styled.setdefault(style.decode(), set()).add(place)
    return found


def _parsed(name: str, xml: bytes, styles: _Styles) -> _Found:
    """The same of any sheet, from its parsed XML."""
    found = _Found()
    marking = styles.marking
    last_row = last_column = 0
    for row, column, cell in cells(xml):
        style, kind = cell.get("s", "0"), cell.get("t")
        formula, value = stored(cell)
        if kind == "e":
            found.errors[row, column] = value or ""
        elif formula and not value and kind != "str":
            found.errors[row, column] = UNCALCULATED
        if style in marking:
            found.styled.setdefault(style, set()).add((row, column))
        if value:
            last_row, last_column = max(last_row, row), max(last_column, column)
            _check_size(name, last_row, last_column)
    return found


def _check_extent(name: str, xml: bytes) -> None:
    """Refuse a sheet whose filled cells span too many cells. Cells that are formatted only do not count."""
    last_rows = _ROW_NUMBER.findall(xml, max(0, len(xml) - 2**16)) or _ROW_NUMBER.findall(xml)
    rows = int(last_rows[-1]) if last_rows else 1
    # However wide, so few rows are not too many cells: most sheets need not be searched for their last column.
    columns = 26 if rows * _MAX_COLUMNS <= MAX_CELLS else _width(xml)
    if rows * columns <= MAX_CELLS:
        return
    last_row = last_column = 0
    for row, column, cell in cells(xml):
        if stored(cell)[1]:
            last_row, last_column = max(last_row, row), max(last_column, column)
            _check_size(name, last_row, last_column)


def _check_size(name: str, row: int, column: int) -> None:
    if (row + 1) * (column + 1) > MAX_CELLS:
        cell = f"{column_letter(column)}{row + 1}"
        raise too_large(
            f"sheet {name!r} is filled down to {cell}, at most {MAX_CELLS} cells",
            f"trang {name} có nội dung đến tận ô {cell}",
            f"Trang {name}: nhấn Ctrl+End để đến ô cuối, xóa các dòng và cột ngoài biểu mẫu, lưu rồi gửi lại.",
        )


def _width(xml: bytes) -> int:
    return max((column_index(m.decode()) + 1 for m in set(_WIDE_REFERENCE.findall(xml))), default=26)


def _hidden(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Hidden rows and columns of a sheet."""
    if not _HIDDEN.search(xml):
        return frozenset(), frozenset()
    rows: set[int] = set()
    columns: set[int] = set()
    number = -1
    for _, element in ET.iterparse(io.BytesIO(xml), ("start",)):  # noqa: S314 entities are refused
        tag = _tag(element)
        if tag == "row":
            stated = element.get("r", "")
            number = int(stated) - 1 if stated.isdecimal() else number + 1
            if element.get("hidden") in _TRUE:
                rows.add(number)
        elif tag == "col" and element.get("hidden") in _TRUE:
            first, last = (int(element.get(name, "1")) for name in ("min", "max"))
            columns.update(range(first - 1, min(last, _MAX_COLUMNS)))
    return frozenset(rows), frozenset(columns)


@dataclass(frozen=True)
class _Formats:
    """Number formats of the cells of a sheet, found when asked for."""

    data: bytes
    path: str
    formats: tuple[str, ...]

    def __call__(self, row: int, column: int) -> str:
        with zipfile.ZipFile(io.BytesIO(self.data)) as container:
            xml = part(container, self.path)
        for at_row, at_column, cell in cells(xml):
            if (at_row, at_column) == (row, column):
                style = cell.get("s", "0")
                return self.formats[int(style)] if style.isdecimal() and int(style) < len(self.formats) else ""
        return ""


def inspect_ods(xml: bytes) -> Inspected:
    """Merged ranges, error cells, formulas without a value, and what is hidden or struck out."""
    root = ET.fromstring(xml)  # noqa: S314 entities are refused
    table = _ODF["table"]
    struck = _struck_out_styles(root)
    return Inspected({sheet.get(f"{table}name", ""): _ods_marks(sheet, struck) for sheet in root.iter(f"{table}table")})


def _struck_out_styles(root: ET.Element) -> set[str]:
    style = _ODF["style"]
    return {
        one.get(f"{style}name", "")
        for one in root.iter(f"{style}style")
        if any(e.get(f"{style}text-line-through-style", "none") != "none" for e in one)
    }


def _ods_marks(sheet: ET.Element, struck: set[str]) -> Marks:
    table, office, text = _ODF["table"], _ODF["office"], _ODF["text"]
    name = sheet.get(f"{table}name", "")
    ranges: list[tuple[int, int, int, int]] = []
    found: dict[Place, str] = {}
    shares: set[Place] = set()
    crossed: set[Place] = set()
    row = width = 0
    for line in sheet.iter(f"{table}table-row"):
        repeated = int(line.get(f"{table}number-rows-repeated", "1"))
        column = 0
        for cell in line:
            if cell.tag not in (f"{table}table-cell", f"{table}covered-table-cell"):
                continue
            down = int(cell.get(f"{table}number-rows-spanned", "1"))
            across = int(cell.get(f"{table}number-columns-spanned", "1"))
            if down > 1 or across > 1:
                ranges.append((row, column, row + down - 1, column + across - 1))
            shown = "".join("".join(p.itertext()) for p in cell.iter(f"{text}p"))
            if SHOWN_ERROR.fullmatch(shown):
                found[row, column] = shown
            elif cell.get(f"{table}formula") and not shown and cell.get(f"{office}value-type") != "string":
                found[row, column] = UNCALCULATED
            again = int(cell.get(f"{table}number-columns-repeated", "1"))
            if again * repeated <= MAX_CELLS:
                places = {(row + down, column + right) for down in range(repeated) for right in range(again)}
                if cell.get(f"{office}value-type") == "percentage":
                    shares |= places
                if shown and cell.get(f"{table}style-name") in struck:
                    crossed |= places
            column += again
            if shown:
                width = max(width, column)
        row += repeated
        if width and any(cell.get(f"{office}value-type") for cell in line):
            _check_size(name, row - 1, width - 1)
    return Marks(
        errors=found, merged=tuple(ranges), percents=frozenset(shares), struck_out=frozenset(crossed),
        hidden_rows=_hidden_ods(sheet, "row"), hidden_columns=_hidden_ods(sheet, "column"),
        filtered=any(line.get(f"{table}visibility") == "filter" for line in sheet.iter(f"{table}table-row")),
    )  # fmt: skip


def _hidden_ods(sheet: ET.Element, kind: str) -> frozenset[int]:
    """The hidden rows or columns of a sheet."""
    table = _ODF["table"]
    hidden: set[int] = set()
    at = 0
    for line in sheet.iter(f"{table}table-{kind}"):
        repeated = int(line.get(f"{table}number-{kind}s-repeated", "1"))
        if line.get(f"{table}visibility", "visible") != "visible":
            hidden.update(range(at, at + min(repeated, _MOST_HIDDEN)))
        at += repeated
    return frozenset(hidden)
