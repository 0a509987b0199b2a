"""Workbook bytes to sheets of plain cells, safely.

Input is untrusted: sizes, expansion and dimensions are bounded before a parser that allocates by them gets the bytes.
Nothing here knows a form; it returns cells as python-calamine gives them, texts of old font encodings as Unicode.
Formats are recognised by content, never by a file's name.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from ingestion.submissions.binary_formats import inspect_xls
from ingestion.submissions.delimited import DelimitedTextError, read_delimited
from ingestion.submissions.inspection import (
    MAX_CELLS,
    SHOWN_ERROR,
    UNCALCULATED,
    Inspected,
    Marks,
    inspect_ods,
    inspect_xlsx,
    part,
)
from ingestion.submissions.uncalculated import compute_sums
from ingestion.submissions.unreadable import UnreadableWorkbookError, no_workbook, protected, too_large
from ingestion.vietnamese.legacy import Encoding, decode_text, detect, is_unicode_vietnamese
from warehouse.stamps import stamped

Cell = int | float | str | bool | time | date | datetime | timedelta

MAX_BYTES = 64 * 2**20
MAX_EXPANDED_BYTES = 512 * 2**20
MAX_EXPANSION_RATIO = 200
MAX_SHEETS = 100
#: The name of the one sheet of a text file.
TEXT_SHEET = "văn bản"

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Other files that are sent instead of workbooks, by their first bytes: description in English and Vietnamese.
_OTHER_KINDS = (
    (b"%PDF", "a PDF", "Tệp là PDF"),
    (b"\xff\xd8\xff", "a JPEG picture", "Tệp là ảnh chụp"),
    (b"\x89PNG", "a PNG picture", "Tệp là ảnh chụp"),
    (b"Rar!", "a RAR archive", "Tệp nén RAR"),
    (b"7z\xbc\xaf", "a 7z archive", "Tệp nén 7z"),
    (b"{\\rtf", "a rich text document", "Tệp là văn bản RTF"),
)


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
    hidden: bool = False
    #: Whether the file tells which cells are percentages: .xlsb does not to this parser, a text shows the sign.
    formats_known: bool = True
    #: What else the file says of its cells, by row and column of the sheet's own first row.
    marks: Marks = field(default_factory=Marks)
    #: The kind of sheet that the product made (:mod:`warehouse.stamps`); None for the sender's sheets.
    stamp: str | None = None


def open_workbook(data: bytes) -> Iterator[Sheet]:
    """The visible and hidden sheets of a workbook, in order.

    Reads .xlsx, .xlsm (macros are never run), .xlsb, .xls, .ods, a text of separated columns, and a zip of such
    texts, each of which is a sheet. Raises :class:`UnreadableWorkbookError` for anything that is not a workbook, or
    is damaged, protected or too large.
    """
    if not data:
        raise UnreadableWorkbookError("the file is empty", "Tệp rỗng (0 byte).", "Gửi lại tệp báo cáo .xlsx.")
    if len(data) > MAX_BYTES:
        raise too_large(f"{len(data)} bytes, at most {MAX_BYTES}")
    if data.startswith(_OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise protected()
        inspected = inspect_xls(data)
        sheets, fonts = _parsed(data, inspected), inspected.fonts
    elif data.startswith(b"PK"):
        texts, inspected = _container(data)
        fonts = inspected.fonts
        sheets = (
            _parsed(data, inspected) if texts is None else (_text_sheet(*text, beside_others=True) for text in texts)
        )
    else:
        for magic, english, vietnamese in _OTHER_KINDS:
            if data.startswith(magic):
                raise no_workbook(f"{english}, no workbook", f"{vietnamese}, không phải là bảng tính Excel.")
        sheets, fonts = iter([_text_sheet(TEXT_SHEET, data)]), ()
    for sheet in sheets:
        yield _in_unicode(sheet, fonts)


def _parsed(data: bytes, inspected: Inspected) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if len(names) > MAX_SHEETS:
            raise too_large(f"{len(names)} sheets, at most {MAX_SHEETS}")
        for number, name in enumerate(names):
            sheet = workbook.get_sheet_by_index(number)
            marks = inspected.sheets.get(name, Marks())
            merged = marks.merged or tuple(
                (top, left, bottom, right) for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
            )
            rows = sheet.to_python(skip_empty_area=False)
            _uncover(rows, merged)
            errors = _shown_errors(rows) if data.startswith(_OLE_MAGIC) else marks.errors
            if marks.form is not None and UNCALCULATED in errors.values():
                errors = compute_sums(data, name, rows, errors)
            hidden = workbook.sheets_metadata[number].visible != SheetVisibleEnum.Visible
            yield Sheet(name, rows, merged, errors, marks.percents, inspected.since_1904, hidden=hidden, marks=marks,
                        formats_known=name in inspected.sheets)  # fmt: skip
    except UnreadableWorkbookError:
        raise
    except PasswordError as error:
        raise protected() from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the parser is native code: its panics are not of class Exception
        raise UnreadableWorkbookError(
            f"the workbook cannot be parsed: {type(error).__name__}: {error}",
            "Tệp bị hỏng, không đọc được nội dung.",
            "Mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại.",
        ) from error


def _uncover(rows: list[list[Cell]], merged: Iterable[tuple[int, int, int, int]]) -> None:
    """Empty the cells under merged ones: what a program left there is seen by nobody, and lost at the next saving."""
    for top, left, bottom, right in merged:
        for number in range(top, min(bottom + 1, len(rows))):
            row = rows[number]
            first = left + 1 if number == top else left
            row[first : right + 1] = [""] * (min(right + 1, len(row)) - first)


def _shown_errors(rows: list[list[Cell]]) -> dict[tuple[int, int], str]:
    return {
        (number, position): cell
        for number, row in enumerate(rows)
        for position, cell in enumerate(row)
        if isinstance(cell, str) and cell[:1] in "#E" and cell and SHOWN_ERROR.fullmatch(cell)
    }


def _in_unicode(sheet: Sheet, fonts: tuple[str, ...]) -> Sheet:
    """``sheet`` with texts of an old font encoding in Unicode; the archive keeps the file as it came."""
    stated = frozenset(cell for cell in set().union(*sheet.rows) if isinstance(cell, str))
    texts = {text for text in stated if not text.isascii()}
    encoding = detect(texts, fonts)
    stamp = sheet.marks.stamp or stamped(stated)
    if encoding is None:
        return replace(sheet, texts=stated, stamp=stamp)
    throughout = not any(map(is_unicode_vietnamese, texts))
    decoded = {text: decode_text(text, encoding, throughout=throughout) for text in texts}
    for row in sheet.rows:
        row[:] = [decoded.get(cell, cell) if isinstance(cell, str) else cell for cell in row]
    stated = frozenset(decoded.get(text, text) for text in stated)
    return replace(sheet, name=decode_text(sheet.name, encoding), encoding=encoding, texts=stated, stamp=stamp)


def _text_sheet(name: str, data: bytes, *, beside_others: bool = False) -> Sheet:
    try:
        rows: list[list[Cell]] = [[*row] for row in read_delimited(data, or_lines=beside_others)]
    except DelimitedTextError as error:
        raise no_workbook(str(error), error.reason_vi) from error
    cells = len(rows) * max(map(len, rows), default=0)
    if cells > MAX_CELLS:
        raise too_large(f"a text of {len(rows)} lines, {cells} cells, at most {MAX_CELLS}")
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Sheet(name, rows, errors=_shown_errors(rows))


def _container(data: bytes) -> tuple[list[tuple[str, bytes]] | None, Inspected]:
    """Check a zip container's bounds; return the texts of a zip of texts, else the properties of the sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            expanded = sum(p.file_size for p in parts)
            if expanded > MAX_EXPANDED_BYTES or any(
                p.file_size > 2**20 and p.file_size > MAX_EXPANSION_RATIO * max(p.compress_size, 1) for p in parts
            ):
                raise too_large(f"{len(data)} bytes expand to {expanded}")
            names = {p.filename for p in parts}
            if "xl/workbook.xml" in names:
                return None, inspect_xlsx(data, container, names)
            if "content.xml" in names:
                return None, inspect_ods(part(container, "content.xml"))
            if "word/document.xml" in names:
                raise no_workbook("a Word document, no workbook", "Tệp là văn bản Word, không phải là bảng tính Excel.")
            texts = [p for p in parts if p.filename.lower().endswith((".csv", ".tsv", ".txt")) and not p.is_dir()]
            if not texts and not any(name.startswith(("xl/", "[Content_Types]")) for name in names):
                raise no_workbook("a zip without workbooks", "Tệp nén không chứa bảng tính Excel.")
            if not texts:
                return None, Inspected()
            if len(texts) > MAX_SHEETS:
                raise too_large(f"{len(texts)} texts in a zip, at most {MAX_SHEETS}")
            return [(posixpath.splitext(posixpath.basename(p.filename))[0], container.read(p)) for p in texts], (
                Inspected()
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
