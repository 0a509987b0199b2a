"""Workbook bytes to sheets of plain cells, safely.

Input is untrusted: sizes, expansion and dimensions are bounded before a parser that allocates by them gets the bytes.
Nothing here knows a form; it returns cells as python-calamine gives them, texts of old font encodings as Unicode.
Formats are recognised by content, never by a file's name.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook, PasswordError

from ingestion.submissions.delimited import DelimitedTextError, read_delimited
from ingestion.vietnamese.legacy import Encoding, decode_text, detect, is_unicode_vietnamese

Cell = int | float | str | bool | time | date | datetime | timedelta

MAX_BYTES = 64 * 2**20
MAX_EXPANDED_BYTES = 512 * 2**20
MAX_EXPANSION_RATIO = 200
MAX_CELLS = 20_000_000
MAX_SHEETS = 100

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
# Without a word boundary in front the pattern begins with literals, which the engine finds many times faster.
_WIDE_REFERENCE = re.compile(rb'r="([A-Z]{2,3})\d')
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)'
)
#: A formula that no program has calculated yet: the parser returns such a cell as empty, although it is not.
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v>([^<]*))?"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_SINCE_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_FONT = re.compile(rb'<(?:\w+:)?name val="([^"]{1,64})"')
#: Columns of the largest sheet that Excel knows.
_MAX_COLUMNS = 2**14
_COUNT = re.compile(rb'ount="(\d{7,})"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: Error values as spreadsheet programs show them.
_SHOWN_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3}")
_ODF = {
    "table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "office": "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
    "text": "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
}
UNCALCULATED = "công thức chưa được tính"

#: Other files that are sent instead of workbooks, by their first bytes: description in English and Vietnamese.
_OTHER_KINDS = (
    (b"%PDF", "a PDF", "Tệp là PDF"),
    (b"\xff\xd8\xff", "a JPEG picture", "Tệp là ảnh chụp"),
    (b"\x89PNG", "a PNG picture", "Tệp là ảnh chụp"),
    (b"Rar!", "a RAR archive", "Tệp nén RAR"),
    (b"7z\xbc\xaf", "a 7z archive", "Tệp nén 7z"),
    (b"{\\rtf", "a rich text document", "Tệp là văn bản RTF"),
)


class UnreadableWorkbookError(Exception):
    """A file that cannot be opened. ``reason_vi`` and ``remedy_vi`` are for its sender, ``args[0]`` for operators."""

    def __init__(self, english: str, reason_vi: str, remedy_vi: str) -> None:
        super().__init__(english)
        self.reason_vi = reason_vi
        self.remedy_vi = remedy_vi


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells, row by row from its first row and column; empty cells are ``""``.

    ``merged`` are ranges ``(top, left, bottom, right)``, ``errors`` the error values (``#REF!``) by
    ``(row, column)``; both count from 0. ``percents`` are cells that show their number times a hundred and a percent
    sign. ``since_1904``: numbers that stand for days count from 1904. ``encoding`` is the old font encoding that the
    texts were typed in.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: frozenset[tuple[int, int]] = frozenset()
    since_1904: bool = False
    encoding: Encoding | None = None
    #: The different texts of its cells, so that looking for a few words need not visit every cell.
    texts: frozenset[str] = frozenset()
    #: Where the first of ``rows`` stands on the sender's sheet. ``merged`` counts from it, ``errors`` and
    #: ``percents`` from the sheet's own first row.
    first_row: int = 0


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


@dataclass(frozen=True)
class _Inspected:
    """What is known of a workbook before its cells are parsed; sheets by name."""

    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    merged: dict[str, tuple[tuple[int, int, int, int], ...]] = field(default_factory=dict)
    percents: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    since_1904: bool = False
    fonts: tuple[str, ...] = ()


def open_workbook(data: bytes) -> Iterator[Sheet]:
    """The visible and hidden sheets of a workbook, in order.

    Reads .xlsx, .xlsm (macros are never run), .xlsb, .xls, .ods, a text of separated columns, and a zip of such
    texts, each of which is a sheet. Raises :class:`UnreadableWorkbookError` for anything that is not a workbook, or
    is damaged, protected or too large.
    """
    if not data:
        raise UnreadableWorkbookError("the file is empty", "Tệp rỗng (0 byte).", "Gửi lại tệp báo cáo .xlsx.")
    if len(data) > MAX_BYTES:
        raise _too_large(f"{len(data)} bytes, at most {MAX_BYTES}")
    if data.startswith(_OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _protected()
        sheets = _parsed(data, _Inspected())
        fonts: tuple[str, ...] = ()
    elif data.startswith(b"PK"):
        texts, inspected = _container(data)
        fonts = inspected.fonts
        sheets = (
            _parsed(data, inspected) if texts is None else (_text_sheet(*text, beside_others=True) for text in texts)
        )
    else:
        for magic, english, vietnamese in _OTHER_KINDS:
            if data.startswith(magic):
                raise _no_workbook(f"{english}, no workbook", f"{vietnamese}, không phải là bảng tính Excel.")
        sheets, fonts = iter([_text_sheet("", data)]), ()
    for sheet in sheets:
        yield _in_unicode(sheet, fonts)


def _parsed(data: bytes, inspected: _Inspected) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if len(names) > MAX_SHEETS:
            raise _too_large(f"{len(names)} sheets, at most {MAX_SHEETS}")
        for number, name in enumerate(names):
            sheet = workbook.get_sheet_by_index(number)
            merged = inspected.merged.get(name) or tuple(
                (top, left, bottom, right) for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
            )
            rows = sheet.to_python(skip_empty_area=False)
            errors = inspected.errors.get(name, {})
            if data.startswith(_OLE_MAGIC):
                errors = _shown_errors(rows)
            percents = inspected.percents.get(name, frozenset())
            yield Sheet(name, rows, merged, errors, percents, inspected.since_1904)
    except UnreadableWorkbookError:
        raise
    except PasswordError as error:
        raise _protected() from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the parser is native code: its panics are not of class Exception
        raise UnreadableWorkbookError(
            f"the workbook cannot be parsed: {type(error).__name__}: {error}",
            "Tệp bị hỏng, không đọc được nội dung.",
            "Mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại.",
        ) from error


def _shown_errors(rows: list[list[Cell]]) -> dict[tuple[int, int], str]:
    return {
        (number, position): cell
        for number, row in enumerate(rows)
        for position, cell in enumerate(row)
        if isinstance(cell, str) and cell[:1] in "#E" and cell and _SHOWN_ERROR.fullmatch(cell)
    }


def _in_unicode(sheet: Sheet, fonts: tuple[str, ...]) -> Sheet:
    """``sheet`` with texts of an old font encoding in Unicode; the archive keeps the file as it came."""
    stated = frozenset(cell for cell in set().union(*sheet.rows) if isinstance(cell, str))
    texts = {text for text in stated if not text.isascii()}
    encoding = detect(texts, fonts)
    if encoding is None:
        return replace(sheet, texts=stated)
    throughout = not any(map(is_unicode_vietnamese, texts))
    decoded = {text: decode_text(text, encoding, throughout=throughout) for text in texts}
    for row in sheet.rows:
        row[:] = [decoded.get(cell, cell) if isinstance(cell, str) else cell for cell in row]
    stated = frozenset(decoded.get(text, text) for text in stated)
    return replace(sheet, name=decode_text(sheet.name, encoding), encoding=encoding, texts=stated)


def _text_sheet(name: str, data: bytes, *, beside_others: bool = False) -> Sheet:
    try:
        rows: list[list[Cell]] = [[*row] for row in read_delimited(data, or_lines=beside_others)]
    except DelimitedTextError as error:
        raise _no_workbook(str(error), error.reason_vi) from error
    cells = len(rows) * max(map(len, rows), default=0)
    if cells > MAX_CELLS:
        raise _too_large(f"a text of {len(rows)} lines, {cells} cells, at most {MAX_CELLS}")
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Sheet(name, rows, errors=_shown_errors(rows))


def _container(data: bytes) -> tuple[list[tuple[str, bytes]] | None, _Inspected]:
    """Check a zip container's bounds; return the texts of a zip of texts, else the properties of the sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            expanded = sum(part.file_size for part in parts)
            if expanded > MAX_EXPANDED_BYTES or any(
                part.file_size > 2**20 and part.file_size > MAX_EXPANSION_RATIO * max(part.compress_size, 1)
                for part in parts
            ):
                raise _too_large(f"{len(data)} bytes expand to {expanded}")
            names = {part.filename for part in parts}
            if "xl/workbook.xml" in names:
                return None, _inspect_xlsx(container, names)
            if "content.xml" in names:
                return None, _inspect_ods(container)
            if "word/document.xml" in names:
                raise _no_workbook(
                    "a Word document, no workbook", "Tệp là văn bản Word, không phải là bảng tính Excel."
                )
            texts = [p for p in parts if p.filename.lower().endswith((".csv", ".tsv", ".txt")) and not p.is_dir()]
            if not texts and not any(name.startswith(("xl/", "[Content_Types]")) for name in names):
                raise _no_workbook("a zip without workbooks", "Tệp nén không chứa bảng tính Excel.")
            if not texts:
                return None, _Inspected()
            if len(texts) > MAX_SHEETS:
                raise _too_large(f"{len(texts)} texts in a zip, at most {MAX_SHEETS}")
            return [(posixpath.splitext(posixpath.basename(p.filename))[0], container.read(p)) for p in texts], (
                _Inspected()
            )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise UnreadableWorkbookError(
            f"the workbook's zip container is damaged: {error}",
            "Tệp bị cắt cụt hoặc hỏng (tải lên chưa xong?).",
            "Gửi lại tệp; kiểm tra tệp mở được bằng Excel trước khi gửi.",
        ) from error
    except (zlib.error, ET.ParseError) as error:
        raise UnreadableWorkbookError(
            f"the workbook's zip container is damaged: {error}",
            "Tệp bị hỏng dữ liệu bên trong.",
            "Gửi lại tệp; kiểm tra tệp mở được bằng Excel trước khi gửi.",
        ) from error


def _part(container: zipfile.ZipFile, name: str) -> bytes:
    """An XML part that declares no entities: no program writes any, and following them is how parsers are attacked."""
    xml = container.read(name)
    if _DOCTYPE.search(xml, 0, 4096) or b"<!ENTITY" in xml:
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


def _inspect_xlsx(container: zipfile.ZipFile, names: set[str]) -> _Inspected:
    errors: dict[str, dict[tuple[int, int], str]] = {}
    percents: dict[str, frozenset[tuple[int, int]]] = {}
    styles = _part(container, "xl/styles.xml") if "xl/styles.xml" in names else b""
    shown_as_percent = _percent_styles(styles)
    for sheet, part in _sheet_parts(container, names).items():
        xml = _part(container, part)
        found = _inspect_sheet(xml)
        if found:
            errors[sheet] = found
        if shown_as_percent:
            percents[sheet] = _styled_cells(xml, shown_as_percent)
    if "xl/sharedStrings.xml" in names:
        with container.open("xl/sharedStrings.xml") as stream:
            head = stream.read(4096)
            _check_counts("xl/sharedStrings.xml", head, container.getinfo("xl/sharedStrings.xml").file_size)
            if _DOCTYPE.search(head):
                raise UnreadableWorkbookError(
                    "the shared strings declare a document type, which no workbook needs",
                    "Tệp chứa khai báo lạ nên không được đọc.",
                    "Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.",
                )
    fonts = tuple({name.decode("utf-8", "replace") for name in _FONT.findall(styles)})
    since_1904 = _SINCE_1904.search(_part(container, "xl/workbook.xml")) is not None
    return _Inspected(errors, percents=percents, since_1904=since_1904, fonts=fonts)


def _percent_styles(styles: bytes) -> frozenset[int]:
    """The cell styles that show a number as a percentage, by their number in ``cellXfs``."""
    if b"%" not in styles and b'numFmtId="9"' not in styles and b'numFmtId="10"' not in styles:
        return frozenset()
    formats = {"9", "10"}
    shown: set[int] = set()
    for element in ET.fromstring(styles):  # noqa: S314 entities are refused
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmts":
            formats |= {f.get("numFmtId", "") for f in element if "%" in f.get("formatCode", "")}
        elif tag == "cellXfs":
            shown = {number for number, xf in enumerate(element) if xf.get("numFmtId") in formats}
    return frozenset(shown)


def _styled_cells(xml: bytes, styles: frozenset[int]) -> frozenset[tuple[int, int]]:
    pattern = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bs="(?:' + b"|".join(b"%d" % s for s in styles) + rb')")([^>]*)>')
    places = (_REFERENCE.search(attributes) for attributes in pattern.findall(xml))
    return frozenset((int(at[2]) - 1, column_index(at[1].decode())) for at in places if at)


def _sheet_parts(container: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name: programs number parts as they like."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in ET.fromstring(_part(container, "xl/_rels/workbook.xml.rels")):  # noqa: S314 entities are refused
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[relation.get("Id", "")] = path
    parts = {}
    for element in ET.fromstring(_part(container, "xl/workbook.xml")).iter():  # noqa: S314 entities are refused
        if element.tag.rpartition("}")[2] == "sheet":
            relation_id = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id"), "")
            part = targets.get(relation_id)
            if part in names:
                parts[element.get("name", "")] = str(part)
    return parts


def _inspect_sheet(xml: bytes) -> dict[tuple[int, int], str]:
    """Check a sheet's dimensions; return its error cells and formulas without a value."""
    last_rows = _ROW_NUMBER.findall(xml, max(0, len(xml) - 2**16)) or _ROW_NUMBER.findall(xml)
    rows = int(last_rows[-1]) if last_rows else 1
    # However wide, so few rows are not too many cells: most sheets need not be searched for their last column.
    columns = 26 if rows * _MAX_COLUMNS <= MAX_CELLS else _width(xml)
    if rows * columns > MAX_CELLS:
        raise _too_large(f"a sheet of {rows} rows and {columns} columns, at most {MAX_CELLS} cells")
    found: dict[tuple[int, int], str] = {}
    if b't="e"' in xml:
        for letters, row, value in _ERROR_CELL.findall(xml):
            found[int(row) - 1, column_index(letters.decode())] = value.decode("utf-8", "replace")
    mark = b":f" if b":worksheet" in xml[:2048] else b"<f"
    if mark in xml and _FORMULA.search(xml):
        for attributes, value in _FORMULA_CELL.findall(xml):
            at = _REFERENCE.search(attributes)
            # A text formula may well give an empty text.
            if at and not value and b't="str"' not in attributes:
                found[int(at[2]) - 1, column_index(at[1].decode())] = UNCALCULATED
    return found


def _width(xml: bytes) -> int:
    return max((column_index(m.decode()) + 1 for m in set(_WIDE_REFERENCE.findall(xml))), default=26)


def _inspect_ods(container: zipfile.ZipFile) -> _Inspected:
    """Merged ranges, error cells and formulas without a value, which the parser does not return for an .ods."""
    root = ET.fromstring(_part(container, "content.xml"))  # noqa: S314 entities are refused
    table, office, text = _ODF["table"], _ODF["office"], _ODF["text"]
    errors: dict[str, dict[tuple[int, int], str]] = {}
    merged: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
    percents: dict[str, frozenset[tuple[int, int]]] = {}
    for sheet in root.iter(f"{table}table"):
        name = sheet.get(f"{table}name", "")
        ranges: list[tuple[int, int, int, int]] = []
        found: dict[tuple[int, int], str] = {}
        shares: set[tuple[int, int]] = set()
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
                if _SHOWN_ERROR.fullmatch(shown):
                    found[row, column] = shown
                elif cell.get(f"{table}formula") and not shown and cell.get(f"{office}value-type") != "string":
                    found[row, column] = UNCALCULATED
                again = int(cell.get(f"{table}number-columns-repeated", "1"))
                if cell.get(f"{office}value-type") == "percentage" and again * repeated <= MAX_CELLS:
                    shares |= {(row + down, column + right) for down in range(repeated) for right in range(again)}
                column += again
                if shown:
                    width = max(width, column)
            row += repeated
            if width and any(cell.get(f"{office}value-type") for cell in line) and row * width > MAX_CELLS:
                raise _too_large(f"a sheet of {row} rows and {width} columns, at most {MAX_CELLS} cells")
        errors[name], merged[name], percents[name] = found, tuple(ranges), frozenset(shares)
    return _Inspected(errors, merged, percents)


def _no_workbook(english: str, reason_vi: str) -> UnreadableWorkbookError:
    return UnreadableWorkbookError(
        f"the file is no workbook: {english}", reason_vi, "Gửi báo cáo theo mẫu dạng .xlsx (hoặc .xls, .ods, .csv)."
    )


def _too_large(english: str) -> UnreadableWorkbookError:
    return UnreadableWorkbookError(
        f"the file is too large to be a report: {english}",
        "Tệp quá lớn hoặc giải nén ra quá lớn so với một báo cáo.",
        "Xóa các dòng, cột và trang tính trống ngoài biểu mẫu rồi gửi lại.",
    )


def _protected() -> UnreadableWorkbookError:
    return UnreadableWorkbookError(
        "the workbook is protected by a password",
        "Tệp được đặt mật khẩu nên không đọc được.",
        "Bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại.",
    )
