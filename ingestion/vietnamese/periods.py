"""Dates and reporting periods: ``2021-11`` (month), ``2021-Q4``, ``2021-H1``, ``2021``.

A text that lacks a part is never completed from today's date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingestion.vietnamese.text import fold, nfc

PeriodType = Literal["month", "quarter", "half_year", "year"]

#: Numerals of quarters, in their order.
QUARTERS = ("I", "II", "III", "IV")
_QUARTER_NUMBERS = {numeral.lower(): number for number, numeral in enumerate(QUARTERS, start=1)}
_DATE = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$")
_DATE_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period by its code; ``start`` and ``end`` are inclusive days."""

    code: str

    def __post_init__(self) -> None:
        _bounds(self.code)

    @property
    def type(self) -> PeriodType:
        """Kind of period."""
        return _bounds(self.code)[0]

    @property
    def start(self) -> date:
        """First day."""
        return _bounds(self.code)[1]

    @property
    def end(self) -> date:
        """Last day."""
        return _bounds(self.code)[2]


def _bounds(code: str) -> tuple[PeriodType, date, date]:
    match = re.fullmatch(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])))?", code)
    if not match:
        raise ValueError(f"period {code!r} is not of the form 2021-11, 2021-Q4, 2021-H1 or 2021")
    year = int(match[1])
    kind: PeriodType
    if match[2]:
        kind, first, last = "month", int(match[2]), int(match[2])
        if not 1 <= first <= 12:
            raise ValueError(f"period {code!r} has no month {first}")
    elif match[3]:
        kind, first, last = "quarter", 3 * int(match[3]) - 2, 3 * int(match[3])
    elif match[4]:
        kind, first, last = "half_year", 6 * int(match[4]) - 5, 6 * int(match[4])
    else:
        kind, first, last = "year", 1, 12
    return kind, date(year, first, 1), date(year, last, monthrange(year, last)[1])


def parse_period_text(text: str) -> Period:
    """The period a sender names: ``"Tháng 11/2021"``, ``"quý I/2026"``, ``"6 tháng đầu năm 2018"``, ``"Năm 2021"``.

    Raises ValueError if the text names no period with its year.
    """
    original, plain = nfc(text), fold(text)
    if re.fullmatch(r"\d{4}(-(\d{2}|Q[1-4]|H[12]))?", original):
        return Period(original)
    if m := re.fullmatch(r"(?:(?:ky )?thang |t ?)?(\d{1,2})(?: nam)? (\d{4})", plain):
        return Period(f"{m[2]}-{int(m[1]):02d}")
    if m := re.fullmatch(r"(?:qu[yi] |q ?)(i{1,3}|iv|[1-4])(?: nam)? (\d{4})", plain):
        return Period(f"{m[2]}-Q{quarter_number(m[1])}")
    if m := re.fullmatch(r"(?:6|sau) thang (dau|cuoi) nam (\d{4})", plain):
        return Period(f"{m[2]}-H{1 if m[1] == 'dau' else 2}")
    if m := re.fullmatch(r"(?:ca )?nam (\d{4})", plain):
        return Period(m[1])
    raise ValueError(f"{text!r} names no reporting period")


def quarter_number(text: str) -> int:
    """The number of a quarter written ``I`` to ``IV`` (in either case) or ``1`` to ``4``."""
    return _QUARTER_NUMBERS.get(text.lower()) or int(text)


def format_period(period: Period, *, within_sentence: bool = False) -> str:
    """``Tháng 9/2021``, ``Quý III/2021``, ``6 tháng đầu năm 2018``, ``Năm 2021``: as ``dim_period`` names periods.

    Within a sentence it begins with a small letter: ``tháng 9/2021``, ``quý III/2021``.
    """
    year, month = period.start.year, period.start.month
    names: dict[PeriodType, str] = {
        "month": f"Tháng {month}/{year}",
        "quarter": f"Quý {QUARTERS[(month - 1) // 3]}/{year}",
        "half_year": f"6 tháng {'đầu' if month == 1 else 'cuối'} năm {year}",
        "year": f"Năm {year}",
    }
    name = names[period.type]
    return name[0].lower() + name[1:] if within_sentence else name


def parse_date_text(text: str) -> date:
    """A full date: ``"15/6/2018"``, ``"15.6.2018"``, ``"ngày 2 tháng 6 năm 2021"`` or ISO.

    A midnight that a program put behind the day is passed over. Raises :class:`ImpossibleDateError` for a day that
    the calendar does not have, ValueError for anything else.
    """
    original = _MIDNIGHT.sub("", nfc(text))
    if m := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", original):
        return _day(int(m[1]), int(m[2]), int(m[3]))
    if m := _DATE.fullmatch(original.replace(" ", "")):
        return _day(int(m[4]), int(m[3]), int(m[1]))
    if m := _DATE_WORDS.fullmatch(fold(text)):
        return _day(int(m[3]), int(m[2]), int(m[1]))
    raise ValueError(f"{text!r} is no full date")


class ImpossibleDateError(ValueError):
    """A day that the calendar does not have: 31/2. ``expected`` is Vietnamese."""

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(f"{text} is no day of the calendar")
        self.expected = expected


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ImpossibleDateError(f"{day}/{month}/{year}", f"ngày trước, tháng sau (không có tháng {month})")
    days = monthrange(year, month)[1] if year else 0
    if not 1 <= day <= days:
        raise ImpossibleDateError(f"{day}/{month}/{year}", f"ngày có thật (tháng {month}/{year} có {days} ngày)")
    return date(year, month, day)
