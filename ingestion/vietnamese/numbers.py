"""Numbers as Vietnamese documents write them: dot for thousands, comma for decimals.

Only formats with one reading are accepted. An ambiguous text ("20,767" may be 20.767 thousand in
English or 20 and 767 thousandths in Vietnamese) is refused with what was found and what was expected.
Source of the formats: domain brief, part 4.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ingestion.vietnamese.text import nfc

#: Words that multiply the number before them.
SCALE_WORDS: dict[str, int] = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "vạn": 10**4,
    "triệu": 10**6,
    "tr": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
}

#: Texts that mean "nothing stated here", which is neither zero nor not applicable.
MISSING = frozenset({"", "-", "–", "—", "…", "...", "..", "x", "X", "n/a", "N/A"})

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN_INTEGER = re.compile(r"[+-]?\d+")
_PLAIN_DECIMAL = re.compile(r"[+-]?\d+,\d+")
_LOOKS_LIKE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
#: A scale word behind a number; "tr." is short for "triệu".
_SCALED_PART = re.compile(rf"(?<=[\d\s])({'|'.join(SCALE_WORDS)})\b\.?")
#: Blanks that divide thousands (20 767) or stand behind a sign; other blanks divide two numbers.
_BLANKS = re.compile(r"(?<=^[+-]) | (?=\d{3}(?: \d{3})*(?:,\d+)?$)(?<!\d{4} )")
_THOUSANDTHS = re.compile(r"[+-]?0,\d+")


class NumberFormatError(ValueError):
    """A text that is not a number, or has more than one reading. ``found`` and ``expected`` are for the sender."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found!r}, expected {expected}")
        self.found = found
        self.expected = expected


def is_missing(text: str) -> bool:
    """Whether a cell's text says that nothing is stated."""
    return len(text) < 8 and nfc(text) in MISSING


def parse_number(text: str) -> Decimal:
    """The value of ``text`` in Vietnamese notation: ``"20.767"`` -> 20767, ``"1.234,5"`` -> 1234.5, ``"09"`` -> 9.

    Raises :class:`NumberFormatError` for English notation, for ``"20,767"`` (two readings) and for anything else.
    """
    found = _BLANKS.sub("", nfc(text).replace("−", "-"))
    if _LOOKS_LIKE_THOUSANDS.fullmatch(found):
        raise NumberFormatError(
            text,
            "dấu chấm ngăn hàng nghìn, dấu phẩy ngăn phần thập phân (ví dụ 20.767 hoặc 20,77); số này có hai cách đọc",
        )
    if _GROUPED.fullmatch(found):
        return Decimal(found.replace(".", "").replace(",", "."))
    if _PLAIN_INTEGER.fullmatch(found):
        return Decimal(found)
    if _PLAIN_DECIMAL.fullmatch(found) or _THOUSANDTHS.fullmatch(found):
        return Decimal(found.replace(",", "."))
    raise NumberFormatError(text, "số viết theo kiểu Việt Nam, ví dụ 20.767 hoặc 1.234,5")


def parse_scaled(text: str) -> Decimal | None:
    """The value of a number with scale words: ``"6,5 triệu"`` -> 6500000, ``"9 tỷ 350 triệu"`` -> 9350000000.

    None if ``text`` has no scale word. Raises :class:`NumberFormatError` if it has one and still no single reading:
    scales that do not descend, a part as large as the scale before it, a bare number at the end (``"9 tỷ 350"``).
    """
    words = _SCALED_PART.split(nfc(text).lower())
    if len(words) == 1:
        return None
    expected = "số kèm nghìn, triệu hoặc tỷ, lớn trước nhỏ sau, ví dụ 6,5 triệu hoặc 9 tỷ 350 triệu"
    if words[-1].strip():
        raise NumberFormatError(text, expected)
    total, last_scale = Decimal(0), None
    for number, word in zip(words[0::2], words[1::2], strict=False):
        scale = SCALE_WORDS[word.rstrip(".")]
        try:
            part = parse_number(number) * scale
        except NumberFormatError as error:
            raise NumberFormatError(text, error.expected if last_scale is None else expected) from error
        if last_scale is not None and (part >= last_scale or part < 0):
            raise NumberFormatError(text, expected)
        total, last_scale = total + part, scale
    return total


def format_number(value: Decimal | int, *, decimals: int | None = None) -> str:
    """``value`` in Vietnamese notation; ``decimals`` fixes the digits after the comma, else as many as needed."""
    text = f"{Decimal(value):z,f}" if decimals is None else f"{Decimal(value):z,.{decimals}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


_UNITS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_MULTIPLES = {"mươi": 10, "chục": 10, "trăm": 100}
#: Every word a written-out number may be made of.
NUMBER_WORDS = frozenset({*_UNITS, *_MULTIPLES, "mười", "linh", "lẻ", "nghìn", "ngàn", "triệu"})


def parse_number_words(words: Sequence[str]) -> int:
    """The value of a number written in words: ``["ba", "mươi", "hai"]`` -> 32.

    Words are NFC and lower case. Raises :class:`NumberFormatError` if they are not a number below a billion.
    """
    wrong = NumberFormatError(" ".join(words), "số viết bằng chữ")
    if not words:
        raise wrong
    total, group, digit = 0, 0, None
    for word in words:
        scale = SCALE_WORDS.get(word, 0)
        if word in _UNITS and digit is None:
            digit = _UNITS[word]
        elif word == "mười" and digit is None:
            group += 10
        elif word in _MULTIPLES and digit is not None:
            group, digit = group + digit * _MULTIPLES[word], None
        elif 0 < scale < 10**9 and (group or digit):
            total, group, digit = total + (group + (digit or 0)) * scale, 0, None
        elif word not in {"linh", "lẻ"} or digit is not None or group == 0:
            raise wrong
    return total + group + (digit or 0)
