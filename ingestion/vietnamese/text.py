"""Unicode normal form and folding for comparison.

Folding is for matching only; what is shown or stored keeps its tones.
"""

from __future__ import annotations

import re
import unicodedata

_LOOKALIKES = str.maketrans(
    {"Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\ufeff": None, "\u200b": None}
)
_NOT_WORD = re.compile(r"[^0-9a-z%]+")


def nfc(text: str) -> str:
    """``text`` in NFC, look-alike Đ unified, no-break spaces made plain, ends trimmed, inner blanks single."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_LOOKALIKES).split())


def fold(text: str) -> str:
    """``text`` without tones, case, punctuation and extra blanks: ``"Đơn vị  tính:"`` -> ``"don vi tinh"``."""
    plain = unicodedata.normalize("NFD", nfc(text).lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
    return _NOT_WORD.sub(" ", plain).strip()
