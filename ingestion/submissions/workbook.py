"""Workbook bytes to sheets of plain cells, safely.

Whatever arrives here is untrusted: sizes, expansion and dimensions are bounded before a parser that allocates
by them sees the bytes. Nothing here knows a form; it hands on cells as python-calamine gives them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, PasswordError

Cell = int | float | str | bool | time | date | datetime | timedelta

MAX_BYTES = 64 * 2**20
MAX_EXPANDED_BYTES = 512 * 2**20
MAX_EXPANSION_RATIO = 200
MAX_CELLS = 20_000_000
MAX_SHEETS = 100

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE_REFERENCE = re.compile(rb'\br="([A-Z]{2,3})\d')
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)'
)
#: A formula that no program has calculated yet: the parser gives such a cell as empty, which it is not.
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v>([^<]*))?"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
UNCALCULATED = "công thức chưa được tính"


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
    ``(row, column)``; both count from 0.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


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


def open_workbook(data: bytes) -> Iterator[Sheet]:
    """The visible and hidden sheets of a workbook, in order.

    Raises :class:`UnreadableWorkbookError` for anything that is no workbook, is damaged, protected or too large.
    """
    errors = _inspect(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if len(names) > MAX_SHEETS:
            raise _too_large(f"{len(names)} sheets, at most {MAX_SHEETS}")
        for number, name in enumerate(names):
            sheet = workbook.get_sheet_by_index(number)
            merged = tuple(
                (top, left, bottom, right) for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
            )
            yield Sheet(name, sheet.to_python(skip_empty_area=False), merged, errors.get(number, {}))
    except UnreadableWorkbookError:
        raise
    except PasswordError as error:
        raise _protected() from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the parser is native code: its panics are no Exception
        raise UnreadableWorkbookError(
            f"the workbook cannot be parsed: {type(error).__name__}: {error}",
            "Tệp bị hỏng, không đọc được nội dung.",
            "Mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại.",
        ) from error


def _inspect(data: bytes) -> dict[int, dict[tuple[int, int], str]]:
    """Check bounds before parsing; return error cells by sheet position."""
    if not data:
        raise UnreadableWorkbookError("the file is empty", "Tệp rỗng (0 byte).", "Gửi lại tệp báo cáo .xlsx.")
    if len(data) > MAX_BYTES:
        raise _too_large(f"{len(data)} bytes, at most {MAX_BYTES}")
    if data.startswith(_OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _protected()
        return {}
    if not data.startswith(b"PK"):
        raise UnreadableWorkbookError(
            "the file is no workbook (it is neither a zip nor an OLE container)",
            "Tệp không phải là bảng tính Excel.",
            "Gửi báo cáo theo mẫu dạng .xlsx.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return _inspect_container(container, len(data))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise UnreadableWorkbookError(
            f"the workbook's zip container is damaged: {error}",
            "Tệp bị cắt cụt hoặc hỏng (tải lên chưa xong?).",
            "Gửi lại tệp; kiểm tra tệp mở được bằng Excel trước khi gửi.",
        ) from error
    except zlib.error as error:
        raise UnreadableWorkbookError(
            f"the workbook's zip container is damaged: {error}",
            "Tệp bị hỏng dữ liệu nén.",
            "Gửi lại tệp; kiểm tra tệp mở được bằng Excel trước khi gửi.",
        ) from error


def _inspect_container(container: zipfile.ZipFile, size: int) -> dict[int, dict[tuple[int, int], str]]:
    parts = container.infolist()
    expanded = sum(part.file_size for part in parts)
    if expanded > MAX_EXPANDED_BYTES or any(
        part.file_size > 2**20 and part.file_size > MAX_EXPANSION_RATIO * max(part.compress_size, 1) for part in parts
    ):
        raise _too_large(f"{size} bytes expand to {expanded}")
    names = sorted((p.filename for p in parts if _SHEET_PART.fullmatch(p.filename)), key=_sheet_number)
    errors: dict[int, dict[tuple[int, int], str]] = {}
    for number, name in enumerate(names):
        xml = container.read(name)
        last_rows = _ROW_NUMBER.findall(xml, max(0, len(xml) - 2**20))
        rows = int(last_rows[-1]) if last_rows else 1
        columns = max((column_index(m.decode()) + 1 for m in set(_WIDE_REFERENCE.findall(xml))), default=26)
        if rows * columns > MAX_CELLS:
            raise _too_large(f"a sheet of {rows} rows and {columns} columns, at most {MAX_CELLS} cells")
        found: dict[tuple[int, int], str] = {}
        if b't="e"' in xml:
            for letters, row, value in _ERROR_CELL.findall(xml):
                found[int(row) - 1, column_index(letters.decode())] = value.decode("utf-8", "replace")
        if _FORMULA.search(xml):
            for attributes, value in _FORMULA_CELL.findall(xml):
                at = _REFERENCE.search(attributes)
                # A text formula may well give an empty text.
                if at and not value and b't="str"' not in attributes:
                    found[int(at[2]) - 1, column_index(at[1].decode())] = UNCALCULATED
        if found:
            errors[number] = found
    return errors


def _sheet_number(name: str) -> tuple[int, str]:
    digits = re.search(r"(\d+)\.xml$", name)
    return (int(digits[1]) if digits else 0, name)


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
