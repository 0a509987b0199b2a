"""What is wrong with a refused cell, and what its sender may have meant: the kind of fault, its wording, a proposal.

The wording is in ``faults.yml`` beside this module. A proposal is shown, never taken as the value. What a cell holds is
quoted as :mod:`ingestion.submissions.privacy` allows; a proposal made from a text that is not quoted whole is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from rapidfuzz import fuzz, process

from ingestion.forms.definition import Column
from ingestion.submissions.inspection import UNCALCULATED
from ingestion.submissions.values import CellError, may_be_zero, show
from ingestion.vietnamese.numbers import NumberFormatError, format_number, is_missing, parse_number
from ingestion.vietnamese.periods import parse_date_text
from ingestion.vietnamese.personal import HIDDEN
from ingestion.vietnamese.text import fold, nfc

_NUMBERS = frozenset({"integer", "decimal", "money", "percent", "year"})
_NOTHING = frozenset(
    {"khong", "khong co", "khong phat sinh", "chua co", "chua phat sinh", "ko", "k", "khong co so lieu"}
)
_ABOUT = re.compile(r"(?:khoang|xap xi|uoc(?: tinh| dat| khoang)?|gan|chung|do|tam)\b")
_BEYOND = re.compile(r"(?:hon|tren|duoi|it nhat|toi thieu|toi da|khong qua|khong duoi)\b")
_NUMBER = re.compile(r"[+-]?\d+(?:[. ]\d{3})*(?:,\d+)?")
_MISTYPED = re.compile(r"[\dOoIlSB.,]+")
_DIGITS = str.maketrans("OoIlSB", "001158")
_TWO_READINGS = re.compile(r"([1-9]\d{0,2}),(\d{3})")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3})[-/. ](\d{2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: A year of two digits up to this one is in this century.
_THIS_CENTURY = 40
_ALIKE = 80


@dataclass(frozen=True)
class Wording:
    """How a kind of fault is worded; an entry of ``faults.yml``."""

    vi: str
    en: str
    remedy_vi: str
    remedy_en: str
    many_vi: str = ""
    many_en: str = ""
    by_sheet: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """A refused cell: the kind of fault, what was found as it may be quoted, and the value that may be meant."""

    kind: str
    found: str
    proposal: str | None = None

    @property
    def wording(self) -> Wording:
        """The sentences of the kind."""
        return wordings()[self.kind]

    def sentence(self, language: str = "vi") -> str:
        """What was found."""
        text: str = getattr(self.wording, language)
        return text.format(found=self.found, proposal=self.proposal or "")

    def remedy(self, cells: str, language: str = "vi") -> str:
        """What to do about ``cells``."""
        text: str = getattr(self.wording, f"remedy_{language}")
        return text.format(cells=f"ô {cells}" if language == "vi" else cells, found=self.found, proposal=self.proposal)


@cache
def wordings() -> Mapping[str, Wording]:
    """Every kind of fault with its wording."""
    path = Path(__file__).with_name("faults.yml")
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return MappingProxyType({kind: Wording(**entry) for kind, entry in entries.items()})


def diagnose(
    column: Column,
    error: CellError,
    *,
    quote: Callable[[str], str],
    merged: str | None = None,
    format_of: Callable[[], str] | None = None,
) -> Diagnosis:
    """The diagnosis of a refused cell.

    ``quote`` is how its text may be quoted, ``merged`` the merged range that covers it, ``format_of`` gives its number
    format where the file tells.
    """
    if merged is not None and error.found == "":
        return Diagnosis("merged", merged)
    kind, proposal = error.kind, error.proposal
    if kind is None:
        kind, proposal = _kind(column, error, format_of)
    # Spaces around it say nothing about what was found.
    shown = _as_shown(error.cell)
    quoted = quote(shown)
    if quoted == HIDDEN:
        return Diagnosis("hidden", HIDDEN)
    # A proposal repeats parts of the text.
    return Diagnosis(kind, quoted, proposal) if quoted == shown else Diagnosis("other", quoted)


def _as_shown(cell: object) -> str:
    """A cell's content with a decimal comma, as it stands in Vietnamese Excel."""
    if isinstance(cell, float) and not cell.is_integer() and abs(cell) < 10**15:
        return format_number(Decimal(f"{cell:.15g}")).replace(".", "")
    return show(cell).strip()


def _kind(column: Column, error: CellError, format_of: Callable[[], str] | None) -> tuple[str, str | None]:
    cell = error.cell
    if error.found == UNCALCULATED:
        return "uncalculated", None
    if error.found.startswith(("#", "Err:")) and isinstance(cell, str):
        return "formula_error", None
    if isinstance(cell, str) and is_missing(cell):
        if column.name == "revision":
            return "blank_revision", "1"
        return ("blank_number" if may_be_zero(column) else "blank"), None
    if column.code_list:
        return _of_list(column, show(cell))
    if column.type == "date":
        return _of_date(error) if isinstance(cell, str) else ("no_day", None)
    if column.type in _NUMBERS:
        return _of_number(column, cell, format_of)
    return "other", None


def _of_list(column: Column, text: str) -> tuple[str, str | None]:
    labels = {fold(label): label for label in column.choices.values()}
    words = {*fold(text).split()}
    # "Luật 2012" is "Luật HTX 2012" with a word left out.
    within = [label for folded, label in labels.items() if words and words <= {*folded.split()}]
    if len(within) == 1:
        return "near_list_value", within[0]
    hits = process.extract(fold(text), labels.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2)
    if hits and (len(hits) == 1 or hits[0][1] > hits[1][1]):
        return "near_list_value", labels[hits[0][0]]
    return "not_listed", None


def _of_number(column: Column, cell: object, format_of: Callable[[], str] | None) -> tuple[str, str | None]:
    if isinstance(cell, float) and not cell.is_integer() and column.type in ("integer", "year"):
        rounded = Decimal(f"{cell:.15g}").quantize(Decimal(1), ROUND_HALF_UP)
        shape = format_of() if format_of else ""
        # A format without decimals shows a whole number.
        if shape and "." not in shape and set("0#") & set(shape):
            return "shown_rounded", format_number(rounded)
        return "not_whole", None
    return _of_number_text(column, nfc(cell)) if isinstance(cell, str) else ("other", None)


def _of_number_text(column: Column, text: str) -> tuple[str, str | None]:
    folded = fold(text)
    if folded in _NOTHING:
        return ("word_for_zero", "0") if not column.minimum else ("no_number", None)
    if two := _TWO_READINGS.fullmatch(text):
        thousands = f"{two[1]}.{two[2]}"
        if column.type in ("integer", "year"):
            return "two_readings", thousands
        # A fourth decimal leaves one reading.
        return "two_readings", f"{thousands} nếu là hàng nghìn, {two[1]},{two[2]}0 nếu là phần lẻ"
    numbers = _NUMBER.findall(text)
    if len(numbers) == 1 and not _beside(text, numbers[0]) and (number := _plain(numbers[0])):
        if text.startswith((">", "<", "≥", "≤")) or _BEYOND.match(folded):
            return "bound", number
        if text.startswith(("~", "≈")) or _ABOUT.match(folded):
            return "approximate", number
        if any(map(str.isalpha, text)) and not any(char in text for char in "#%"):
            return "with_words", number
    if _MISTYPED.fullmatch(text) and any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
        corrected = _plain(text.translate(_DIGITS))
        return ("letter_for_digit", corrected) if corrected else ("no_number", None)
    return ("other", None) if any(map(str.isdigit, text)) else ("no_number", None)


def _beside(text: str, number: str) -> bool:
    """Whether a letter touches the number: ``2O5`` is one mistyped number, not the number 2 with words."""
    before, _, after = text.partition(number)
    return before[-1:].isalpha() or after[:1].isalpha() or any(map(str.isdigit, before + after))


def _plain(text: str) -> str | None:
    try:
        return format_number(parse_number(text))
    except NumberFormatError:
        return None


def _of_date(error: CellError) -> tuple[str, str | None]:
    text = nfc(error.found)
    if short := _SHORT_YEAR.fullmatch(text):
        month = short[2].lower()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
        year = int(short[3])
        meant = _day(int(short[1]), number, (2000 if year <= _THIS_CENTURY else 1900) + year)
        return ("two_digit_year", meant) if meant else ("no_day", None)
    if first := _MONTH_FIRST.fullmatch(text):
        meant = _day(int(first[2]), int(first[1]), int(first[3]))
        return ("month_first", meant) if meant and int(first[2]) > 12 else ("impossible_day", None)
    return "no_day", None


def _day(day: int, month: int, year: int) -> str | None:
    try:
        found: date = parse_date_text(f"{day}/{month}/{year}")
    except ValueError:
        return None
    return f"{found:%d/%m/%Y}"
