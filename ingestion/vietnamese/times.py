"""Times in running text: expressions, and the days that they denote.

``recognise`` reads one expression at a given position: "Đến ngày 15/6/2018", "6 tháng đầu năm 2018", "quý I/2026",
"so với cuối năm 2017", "trong tháng". A part that the text leaves out is completed from a reference date the
caller names (the article's own date), never from today; without one it stays open.
Source of the formats: domain brief, part 4.3.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ingestion.vietnamese.periods import quarter_number

#: period: when it happened; day: a date that is not a cut-off; as_of: the state at its end; base: what a change is
#: measured from; same: "trong tháng", the period in context; other: a span that dates nothing.
Role = Literal["period", "day", "as_of", "base", "same", "other"]
Grain = Literal[
    "day",
    "month",
    "quarter",
    "months",
    "year",
    "year_start",
    "year_end",
    "now",
    "same_period",
    "period_start",
    "years",
    "since",
    "any",
]

_ANY: Grain = "any"
_MONTH_COUNTS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}


@dataclass(frozen=True)
class TimeExpression:
    """One expression: its role, its grain, and the numbers it names (``year`` None where the text is silent).

    ``first`` and ``last`` are months for month-like grains; ``day`` only for single days. ``year_shift`` is -1 for
    "năm trước" (relative to the reference date).
    """

    role: Role
    grain: Grain
    year: int | None = None
    first: int = 1
    last: int = 12
    day: int | None = None
    year_shift: int | None = None
    #: Where a stretch ends: the last year of "giai đoạn 2021 - 2025", (month, day) of "từ ngày 5 - 10/12".
    last_year: int | None = None
    last_day: tuple[int, int] | None = None

    def resolve(self, reference: date | None, *, ahead: bool = False) -> tuple[date, date] | None:
        """First and last day, or None where the text and ``reference`` do not say.

        A missing year becomes the latest one in which the expression began on or before ``reference``; where the
        text looks ``ahead``, the first one in which it ends on or after it.
        """
        if self.grain == "now" and self.role != "same":
            return (reference, reference) if reference else None
        year = self._year(reference, ahead)
        if year is None:
            return None
        try:
            return self._days(year, reference)
        except ValueError:  # 31/2, month 13: written wrongly, dates nothing
            return None

    def _year(self, reference: date | None, ahead: bool) -> int | None:
        if self.role == "same" or self.grain in {"any", "same_period", "period_start"}:
            return None
        if self.year is not None or reference is None:
            return self.year
        if self.year_shift is not None:
            return reference.year + self.year_shift
        if self.grain in {"year", "year_start", "year_end"}:
            return None
        today = (reference.month, reference.day)
        if ahead:
            return reference.year + ((self.last, self.day or 31) < today)
        return reference.year - ((self.first, self.day or 1) > today)

    def _days(self, year: int, reference: date | None) -> tuple[date, date] | None:
        match self.grain:
            case "day":
                first = date(year, self.first, self.day or 0)
                last = date(year, *self.last_day) if self.last_day else first
                return (first if first <= last else first.replace(year=year - 1)), last
            case "since":
                return (date(year, 1, 1), reference) if reference else None
            case "years":
                return date(year, 1, 1), date(self.last_year or year, 12, 31)
            case "year_end":
                return date(year, 12, 31), date(year, 12, 31)
            case "year_start":
                return date(year, 1, 1), date(year, 1, 1)
            case _:
                return date(year, self.first, 1), date(year, self.last, monthrange(year, self.last)[1])


_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_WHICH = r"(?P<which>nay|trước|ngoái)"
_FLAGS = re.IGNORECASE
_LEAD = re.compile(
    r"(?:(?P<base>so(?:\s+với)?(?:\s+thời\s+điểm)?\s+)"
    r"|(?P<as_of>(?:tính\s+)?(?:đến|tới)\s+(?:cuối\s+(?=ngày|tháng|quý))?(?:hết\s+|thời\s+điểm\s+)*"
    r"|hết\s+|tại\s+thời\s+điểm\s+))",
    _FLAGS,
)
_CORES: tuple[tuple[Grain, re.Pattern[str]], ...] = (
    ("day", re.compile(rf"(?:ngày\s+)?(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})(?P=sep){_YEAR}", _FLAGS)),
    ("day", re.compile(rf"ngày\s+(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>\d{{1,2}})(?:\s+năm\s+{_YEAR})?", _FLAGS)),
    ("day", re.compile(r"ngày\s+(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?![\d/-])", _FLAGS)),
    (
        "day",
        re.compile(
            r"(?:sáng|trưa|chiều|tối|đêm)\s+(?:ngày\s+)?(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?![\d/-])", _FLAGS
        ),
    ),
    (
        "months",
        re.compile(rf"nửa\s+(?P<part>đầu|cuối)\s+năm(?:\s+(?:{_YEAR}|{_WHICH}))?", _FLAGS),
    ),
    (
        "months",
        re.compile(
            rf"(?P<count>\d{{1,2}}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+tháng\s+"
            rf"(?:(?P<half>đầu|cuối)\s+năm|năm(?=\s+\d{{4}}))(?:\s+(?:{_YEAR}|{_WHICH}))?",
            _FLAGS,
        ),
    ),
    (
        "months",
        re.compile(
            rf"từ\s+tháng\s+(?P<month>\d{{1,2}})(?:/\d{{4}})?\s+(?:đến|tới)\s+(?:hết\s+)?tháng\s+(?P<until>\d{{1,2}})"
            rf"(?:\s*[-/]\s*|\s+năm\s+)?(?:{_YEAR})?",
            _FLAGS,
        ),
    ),
    ("month", re.compile(rf"tháng\s+(?P<month>\d{{1,2}})(?![\d/])(?:\s*(?:-|năm)\s*{_YEAR})?", _FLAGS)),
    ("month", re.compile(rf"tháng\s+(?P<month>\d{{1,2}})\s*[/.]\s*{_YEAR}", _FLAGS)),
    (
        "quarter",
        re.compile(rf"qu[ýí]\s+(?P<quarter>iv|i{{1,3}}|[1-4])\b(?:\s*(?:/|-|năm)\s*{_YEAR})?", _FLAGS),
    ),
    ("year_end", re.compile(rf"cuối\s+năm(?:\s+(?:{_YEAR}|{_WHICH}))?", _FLAGS)),
    ("year_start", re.compile(rf"đầu\s+năm(?:\s+(?:{_YEAR}|{_WHICH}))?", _FLAGS)),
    ("year", re.compile(rf"(?:cả\s+)?năm\s+(?:{_YEAR}|{_WHICH})", _FLAGS)),
)
_SAME = re.compile(
    r"trong\s+(?:(?P<month>tháng)|(?P<quarter>qu[ýí])|(?P<year>năm)|kỳ)(?!\s*(?:\d|[iv]+\b|qua\b|nay\b))\b", _FLAGS
)
#: Only behind "đến", "tính đến": elsewhere it may be a fraction.
_BARE_DAY = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/])")
_PERIOD_START = re.compile(r"đầu\s+kỳ\b", _FLAGS)
_FIRST_MONTHS = re.compile(
    r"(?P<count>\d{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+tháng\b(?!\s+\d)(?:\s+năm\s+(?P<year>(?:19|20)\d\d))?",
    _FLAGS,
)
_REPORT_MONTHS = re.compile(
    r"(?:(?P<count>3|6|9|ba|sáu|chín)\s+tháng\b(?!\s+(?:tuổi|qua|liên|sau|một|đầu|cuối|năm|\d|/))"
    r"|(?P<past>\d{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+tháng\s+qua\b)",
    _FLAGS,
)
_SAME_PERIOD = re.compile(rf"cùng\s+(?:kỳ|thời\s+điểm)(?:\s+năm\s+(?:{_YEAR}|{_WHICH}))?", _FLAGS)
_NOW = re.compile(
    r"(?:tính\s+)?đến\s+(?:nay|thời\s+điểm\s+(?:này|hiện\s+(?:nay|tại)))|hiện\s+(?:nay|tại)\b"
    r"|hiện\b(?!\s+(?:đại|tượng|trạng|vật|thực|hữu|hành|diện))",
    _FLAGS,
)
_SINCE = re.compile(rf"từ\s+(?:đầu\s+)?năm\s+{_YEAR}\s+(?:đến|tới)\s+nay", _FLAGS)
#: "Hằng năm" is a time without a year.
_EVERY = re.compile(r"(?:hằng|hàng|mỗi)\s+(?:năm|quý|tháng)\b(?!\s+\d)", _FLAGS)
_YEARS = re.compile(r"(?:19|20)\d\d")
_LAST = rf"(?P<last_day>\d{{1,2}})\s*/\s*(?P<last_month>\d{{1,2}})(?:\s*/\s*{_YEAR})?(?![\d/])"
#: "từ ngày 05 - 10/12/2025", "từ ngày 28/11-03/12/2021", "từ 5/12 đến hết ngày 10/12".
_DAYS = (
    re.compile(
        rf"(?:(?:từ\s+)?ngày|từ)\s+(?P<day>\d{{1,2}})(?:/(?P<month>\d{{1,2}}))?(?:/\d{{4}})?\s*[-–—]\s*{_LAST}", _FLAGS
    ),
    re.compile(
        rf"từ\s+(?:ngày\s+)?(?P<day>\d{{1,2}})(?:/(?P<month>\d{{1,2}}))?(?:/\d{{4}})?\s+(?:đến|tới)\s+"
        rf"(?:hết\s+)?(?:ngày\s+)?{_LAST}",
        _FLAGS,
    ),
)
_STRETCH = re.compile(
    r"(?:(?:giai\s+đoạn|nhiệm\s+kỳ|thời\s+kỳ)\s+)?(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d(?!\d)"
    r"|từ\s+năm\s+(?:19|20)\d\d(?:\s+(?:đến|tới)\s+(?:năm\s+)?(?:19|20)\d\d)?",
    _FLAGS,
)


def recognise(text: str, position: int) -> tuple[TimeExpression, int] | None:
    """The expression that starts at ``position`` of the NFC ``text`` and where it ends, or None."""
    if found := _stretch(text, position):
        return found
    lead = _LEAD.match(text, position)
    core = _core(text, lead.end() if lead else position, is_led=lead is not None)
    if core is None:
        return None
    expression, end = core
    if lead and lead["base"]:
        return replace(expression, role="base"), end
    if expression.grain == "same_period":
        return replace(expression, role="same"), end
    if lead:
        return replace(expression, role="as_of"), end
    if expression.grain == "day":
        return replace(expression, role="day"), end
    return expression, end


def _stretch(text: str, position: int) -> tuple[TimeExpression, int] | None:
    """An expression that needs no word before it: several years, several days, "hiện nay"."""
    if match := _SINCE.match(text, position):
        return TimeExpression("period", "since", int(match["year"])), match.end()
    if match := _STRETCH.match(text, position):
        years = [int(year) for year in _YEARS.findall(match.group())]
        if len(years) == 2 and years[0] < years[1]:
            return TimeExpression("period", "years", years[0], last_year=years[1]), match.end()
        return TimeExpression("other", "any"), match.end()
    if match := _EVERY.match(text, position):
        return TimeExpression("period", "any"), match.end()
    for pattern in _DAYS:
        if match := pattern.match(text, position):
            return _from_match("day", match, role="day"), match.end()
    if match := _NOW.match(text, position):
        return TimeExpression("as_of", "now"), match.end()
    return None


def recognise_months(text: str, position: int) -> tuple[TimeExpression, int] | None:
    """The first months of a year, where the words before say that it is they: "lũy kế 5 tháng"."""
    match = _FIRST_MONTHS.match(text, position)
    return (_from_match("months", match), match.end()) if match else None


def recognise_report_months(text: str, position: int, *, within: bool = False) -> tuple[TimeExpression, int] | None:
    """The first months of a year as reports name them: "9 tháng là 39 HTX", "8 tháng qua".

    ``within``: "trong" stands before, which makes any number of months one ("Trong 4 tháng, …").
    """
    match = (_FIRST_MONTHS if within else _REPORT_MONTHS).match(text, position)
    return (_from_match("months", match), match.end()) if match else None


def _core(text: str, start: int, *, is_led: bool) -> tuple[TimeExpression, int] | None:
    for grain, pattern in _CORES:
        if match := pattern.match(text, start):
            return _from_match(grain, match), match.end()
    if match := _SAME_PERIOD.match(text, start):
        return TimeExpression("same", "same_period"), match.end()
    if match := _SAME.match(text, start):
        grains: dict[str, Grain] = {"month": "month", "quarter": "quarter", "year": "year"}
        grain = next((grain for name, grain in grains.items() if match[name]), _ANY)
        return TimeExpression("same", grain), match.end()
    if is_led and (match := _BARE_DAY.match(text, start)):
        return _from_match("day", match), match.end()
    if is_led and (match := _PERIOD_START.match(text, start)):
        return TimeExpression("base", "period_start"), match.end()
    return None


def _from_match(grain: Grain, match: re.Match[str], *, role: Role = "period") -> TimeExpression:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    which = (groups.get("which") or "").lower()
    shift = None if not which else 0 if which == "nay" else -1
    first, last, day = 1, 12, None
    if groups.get("day"):
        day = int(groups["day"])
    if groups.get("month"):
        first = last = int(groups["month"])
    if part := groups.get("part"):
        first, last = (1, 6) if part.lower() == "đầu" else (7, 12)
    if groups.get("until"):
        last = int(groups["until"])
    if groups.get("quarter"):
        last = 3 * quarter_number(groups["quarter"])
        first = last - 2
    if counted := groups.get("count") or groups.get("past"):
        said = counted.lower()
        count = _MONTH_COUNTS.get(said) or int(said)
        if not 1 <= count <= 12:
            return TimeExpression("other", "any")
        first, last = (13 - count, 12) if (groups.get("half") or "").lower() == "cuối" else (1, count)
    until = (int(groups["last_month"]), int(groups["last_day"])) if groups.get("last_day") else None
    if until and not groups.get("month"):
        first = last = until[0]
    return TimeExpression(role, grain, year, first, last, day, shift, last_day=until)
