"""Unicode normal form and folding for comparison.

Folding is for matching only; what is shown or stored keeps its tones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Characters that show nothing: joiners, directions, marks of order; word processors and web pages leave them.
_INVISIBLE = (
    "\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_INVISIBLE_SET = frozenset(_INVISIBLE)
_LOOKALIKES = str.maketrans(
    {"Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u202f": " ", "\u2007": " ", **dict.fromkeys(_INVISIBLE)}
)
_NOT_WORD = re.compile(r"[^0-9a-z%]+")


# Registers repeat the same few thousand texts; the caches are bounded.
@lru_cache(maxsize=1 << 16)
def nfc(text: str) -> str:
    """``text`` in NFC, look-alike Đ unified, no-break spaces made plain, ends trimmed, inner blanks single."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_LOOKALIKES).split())


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """``text`` without tones, case, punctuation and extra blanks: ``"Đơn vị  tính:"`` -> ``"don vi tinh"``."""
    plain = unicodedata.normalize("NFD", nfc(text).lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
    return _NOT_WORD.sub(" ", plain).strip()


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def tone_key(word: str) -> str:
    """``word`` in lower case with its tone mark at the end, so that ``hoà`` and ``hòa`` are one word.

    Unlike :func:`fold` it keeps tones and vowels apart: ``năm`` (year) stays different from ``nam`` (south).
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", word.translate(_LOOKALIKES).lower()):
        (tones if char in _TONES else letters).append(char)
    return unicodedata.normalize("NFC", "".join(letters)) + "".join(tones)


def composed_with_offsets(text: str) -> tuple[str, list[int]]:
    """``text`` in NFC with look-alikes unified, and for each of its characters (and its end) the place in ``text``.

    Unlike :func:`nfc` it moves no blanks: positions found in the result lead back to the original.
    """
    if unicodedata.is_normalized("NFC", text) and _INVISIBLE_SET.isdisjoint(text):
        return text.translate(_LOOKALIKES), list(range(len(text) + 1))
    composed: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = unicodedata.normalize("NFC", text[start:end]).translate(_LOOKALIKES)
        composed.append(cluster)
        offsets.extend([start] * len(cluster))
        start = end
    return "".join(composed), [*offsets, len(text)]
