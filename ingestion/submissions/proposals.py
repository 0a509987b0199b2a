"""Sender, period and day of approval as headings, signatures and the file's name state them: proposals, never facts.

A sheet THONG_TIN that lacks them is not completed from here. The receipt offers what was found, with the place where it
stands, for the sender to confirm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.submissions.inspection import column_letter
from ingestion.submissions.workbook import Sheet
from ingestion.vietnamese.periods import Period, format_period, parse_date_text, parse_period_text
from ingestion.vietnamese.places import Province, basis_on, find_province, provinces
from ingestion.vietnamese.text import fold

#: Headings stand above the tables.
_HEADING_ROWS = 8
_ALLIANCE = re.compile(r"\blien minh (?:htx|hop tac xa)\b(?: (?:tinh|thanh pho|tp))? (?P<name>[a-z ]{2,40})")
_PERIOD = re.compile(
    r"(?:\bthang \d{1,2}(?: nam)? \d{4}|\bqu[yi] (?:i{1,3}|iv|[1-4])(?: nam)? \d{4}"
    r"|\b(?:6|sau) thang (?:dau|cuoi) nam \d{4})\b"
)
_DAY = re.compile(r"\bngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})\b")
#: Periods and codes in names of files: "LMHTX-46-2021-11-L1.xlsx", "BC T12.2021 Hue.xlsx".
_NAMED_MONTH = re.compile(r"(?<!\d)(?:(?P<year>20\d\d)[-_. ](?P<month>0[1-9]|1[0-2])|(?:t|thang)?[-_. ]?"
                          r"(?P<month2>0?[1-9]|1[0-2])[-_. ](?P<year2>20\d\d))(?!\d)")  # fmt: skip
_NAMED_CODE = re.compile(r"(?:^|[-_. ])(\d{2})(?=[-_. ])")
_LATEST = date(2100, 1, 1)


@dataclass(frozen=True)
class Proposal:
    """A value that the sender may have meant, and where it stands."""

    value: str
    source: str

    def __str__(self) -> str:
        return f"“{self.value}” (theo {self.source})"


def proposals(sheets: Sequence[Sheet], file_name: str) -> dict[str, Proposal]:
    """Proposals by field of THONG_TIN; a field that two places state differently is left out."""
    found: dict[str, list[Proposal]] = {}
    for field, proposal in [*_of_sheets(sheets), *_of_name(file_name)]:
        found.setdefault(field, []).append(proposal)
    certain = {field: stated[0] for field, stated in found.items() if len({one.value for one in stated}) == 1}
    name = certain.get("province_name")
    period = certain.get("period")
    if name is not None and "province_code" not in certain:
        on = parse_period_text(period.value).end if period else _LATEST
        place = find_province(name.value, on)
        if place is not None:
            certain["province_code"] = Proposal(place.code, name.source)
    return certain


def _of_sheets(sheets: Sequence[Sheet]) -> Iterator[tuple[str, Proposal]]:
    days: Counter[str] = Counter()
    for sheet in sheets:
        for number, row in enumerate(sheet.rows):
            for position, cell in enumerate(row):
                if not isinstance(cell, str) or len(cell) < 6:
                    continue
                words = fold(cell)
                if day := _DAY.search(words):
                    days[f"{int(day[1])}/{int(day[2])}/{day[3]}"] += 1
                    words = words.replace(day[0], "")
                if number < _HEADING_ROWS:
                    where = f"ô {column_letter(position)}{sheet.first_row + number + 1} trang {sheet.name}"
                    yield from _of_heading(words, where)
    for text, _ in days.most_common(1):
        try:
            yield "approved_on", Proposal(f"{parse_date_text(text):%d/%m/%Y}", "dòng ngày tháng ở chữ ký")
        except ValueError:
            continue


def _of_heading(words: str, where: str) -> Iterator[tuple[str, Proposal]]:
    if alliance := _ALLIANCE.search(words):
        place = _place(alliance["name"].split())
        if place is not None:
            yield "province_name", Proposal(place.name, where)
    if period := _PERIOD.search(words):
        yield from _period(period[0], where)


def _place(words: Iterable[str]) -> Province | None:
    """The province that the first words name; on the older map where both know it."""
    rest = [*words]
    for count in range(len(rest), 0, -1):
        name = " ".join(rest[:count])
        if place := find_province(name, date(2021, 1, 1)) or find_province(name, _LATEST):
            return place
    return None


def _of_name(file_name: str) -> Iterator[tuple[str, Proposal]]:
    stem = file_name.rpartition("/")[2].rpartition(".")[0].lower()
    month = _NAMED_MONTH.search(stem)
    if month is None:
        yield from _of_heading(fold(stem), "tên tệp")
        return
    year, number = month["year"] or month["year2"], int(month["month"] or month["month2"])
    period = Period(f"{year}-{number:02d}")
    yield "period", Proposal(format_period(period), "tên tệp")
    code = _NAMED_CODE.search(f"{stem[: month.start()]} ")
    known = provinces(basis_on(period.end))
    if code and code[1] in known:
        yield "province_name", Proposal(known[code[1]].name, "tên tệp")


def _period(text: str, where: str) -> Iterator[tuple[str, Proposal]]:
    try:
        yield "period", Proposal(format_period(parse_period_text(text)), where)
    except ValueError:
        return
