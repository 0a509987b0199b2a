"""Texts of separated columns (.csv): their encoding, their separator, their rows."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata

from ingestion.vietnamese.legacy import DECODERS, vietnamese_share
from ingestion.vietnamese.text import nfc

#: Tried in this order; the one that gives the most columns on the most lines wins.
_SEPARATORS = (";", "\t", ",", "|")
_SNIFFED_LINES = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class DelimitedTextError(ValueError):
    """Bytes that are not a text of separated columns. ``reason_vi`` is for their sender."""

    def __init__(self, english: str, reason_vi: str) -> None:
        super().__init__(english)
        self.reason_vi = reason_vi


def decode(data: bytes) -> str:
    """``data`` as text: UTF-8, UTF-16 (with or without mark), else Vietnamese Windows, else as an old font has it.

    Texts of old fonts stay the Latin letters they are stored as (:mod:`ingestion.vietnamese.legacy`).
    Raises :class:`DelimitedTextError` for bytes that are not a text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strictly(data, name)
    head = data[:4096]
    if len(data) % 2 == 0 and head.count(0) * 4 > len(head):
        return _strictly(data, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    if b"\0" in data:
        raise DelimitedTextError("binary data", "Tệp không phải là bảng tính Excel.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    windows = _composed(data.decode("cp1258", "replace"))
    latin = data.decode("cp1252", "replace")
    fonts = max(vietnamese_share(decoder(latin)) or 0.0 for decoder in DECODERS.values())
    return latin if fonts > (vietnamese_share(windows) or 0.0) else windows


def _composed(text: str) -> str:
    """``text`` with composed letters, its lines and blanks untouched (Vietnamese Windows stores marks apart)."""
    return unicodedata.normalize("NFC", text)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise DelimitedTextError(f"damaged {name} text: {error.reason}", "Tệp văn bản bị hỏng mã chữ.") from error


def read_delimited(data: bytes, *, or_lines: bool = False) -> list[list[str]]:
    """The rows of a text of separated columns, cells as they stand. Raises :class:`DelimitedTextError`.

    ``or_lines``: a text without columns is one column, its lines (a note beside tables in one zip), not an error.
    """
    text = decode(data)
    if nfc(text[:64]).lower().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise DelimitedTextError(
            "a web page or XML with a workbook's name", "Tệp là trang web (HTML/XML), không phải là bảng tính Excel."
        )
    separator = _separator(text)
    if separator is None and or_lines:
        return [[line] for line in text.splitlines()]
    if separator is None:
        raise DelimitedTextError(
            "a text without columns (no semicolon, tab, comma or bar in most of its lines)",
            "Tệp không phải là bảng tính Excel.",
        )
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DelimitedTextError(f"a text that breaks off: {error}", "Tệp .csv bị hỏng.") from error
    return rows


def _separator(text: str) -> str | None:
    """The separator that makes the most cells in the first lines, quoted ones left whole."""
    lines = text.splitlines(keepends=True)[:_SNIFFED_LINES]
    best, most = None, 0
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            continue
        wide = [len(row) for row in rows if len(row) > 1]
        if len(wide) * 2 >= len(rows) and sum(wide) > most:
            best, most = separator, sum(wide)
    return best
