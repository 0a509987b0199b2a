"""Texts as offices stored them before Unicode: the opposite of :mod:`ingestion.vietnamese.legacy`, for tests."""

from __future__ import annotations

import unicodedata

from ingestion.vietnamese import legacy

_BYTES = {letter: chr(byte) for byte, letter in legacy._TCVN3.items()}
_MARKS = {unicodedata.normalize("NFD", "a" + marks)[1:]: key for key, marks in legacy._VNI_MARKS.items()}
_LETTERS = {letter: key for key, letter in legacy._VNI_BOTH.items()}


def to_tcvn3(text: str) -> str:
    """``text`` as a .VnTime font stores it; capitals with tones as small letters, as its capital font does."""
    return "".join(c if c.isascii() else _BYTES.get(c) or _BYTES.get(c.lower(), c) for c in text)


def to_vni(text: str) -> str:
    """``text`` as a VNI font stores it."""
    return "".join(_vni(c) for c in unicodedata.normalize("NFC", text))


def _vni(letter: str) -> str:
    if letter.isascii() or letter in _LETTERS:
        return _LETTERS.get(letter, letter)
    base, *marks = unicodedata.normalize("NFD", letter)
    # The horn belongs to the letter (ơ, ư); the other marks stand behind it.
    if "\u031b" in marks:
        marks.remove("\u031b")
        base = _LETTERS[unicodedata.normalize("NFC", base + "\u031b")]
    mark = _MARKS.get("".join(sorted(marks, key=unicodedata.combining)))
    mark = mark or _MARKS.get("".join(marks))
    if mark is None:
        return letter
    return base + (mark.upper() if letter.isupper() else mark)
