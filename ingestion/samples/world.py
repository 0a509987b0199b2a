"""The sample country over 24 months and the merger of July 2025, with the noise of clean reporting.

Noise: late reports, revisions that correct cooperative groups, foundings that swing with the season, quarterly,
half-yearly and yearly reports of some provinces, figures of the press rounded as the press rounds them.
All of it is correct; the faults to plant are in :mod:`.catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingestion.samples import periodic
from ingestion.samples.country import LEAVES, Country, Row, Settings, Stream, last_periods
from ingestion.samples.workbooks import Edit
from ingestion.vietnamese.periods import Period
from warehouse.reference import reference_rows

MERGER = date(2025, 7, 1)
MONTHLY = ("BIEU_01", "BIEU_02", "BIEU_03", "BIEU_04A", "BIEU_04B", "BIEU_05A", "BIEU_05B", "BIEU_05C")
FLOWS = ("founded_count", "converted_in_count", "dissolved_count", "converted_out_count")
#: Few foundings around Tết, many at the end of the year.
SEASON = {1: 0.7, 2: 0.5, 3: 1.1, 6: 1.2, 11: 1.2, 12: 1.6}


def whole(value: object) -> int:
    """A count or an amount; ValueError if there is none."""
    return int(str(value))


@dataclass
class Statement:
    """One workbook: what ``province`` (code on the map of the period) sent for ``period``."""

    province: str
    province_map: str
    period: str
    received_at: datetime
    rows: dict[str, list[Row]]
    revision: int = 1
    #: Faults of the workbook itself: texts and headers that are not values of a column.
    written: list[Edit] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, str]:
        """Province key and period: where its anomalies appear."""
        return f"{self.province_map}-{self.province}", self.period

    @property
    def month_before(self) -> str:
        """The code of the month before."""
        day = Period(self.period).start - timedelta(days=1)
        return f"{day:%Y-%m}"

    def count(self, org_type: str, sector: str) -> Row:
        """The row of BIEU_01 of that type and sector."""
        return next(r for r in self.rows["BIEU_01"] if r["org_type"] == org_type and r["sector"] == sector)


@dataclass
class Claim:
    """One figure of the press, as the grammar of claims would have read it."""

    metric: str
    value: Decimal
    geography: str
    period: Period
    accumulation: str
    province: str | None = None
    qualifier: str = "exact"


@dataclass
class World:
    """Everything that is sent and printed."""

    statements: list[Statement]
    claims: list[Claim] = field(default_factory=list)

    def at(self, province_key: str, period: str) -> Statement | None:
        """The newest statement of that place."""
        found = [s for s in self.statements if s.place == (province_key, period)]
        return max(found, key=lambda s: s.revision, default=None)

    def before(self, statement: Statement) -> Statement | None:
        """The newest statement of the same province for the month before."""
        return self.at(statement.place[0], statement.month_before)

    def copy(self) -> World:
        """Statements and claims that may be changed without changing these."""
        return World([replace(s, rows=deepcopy(s.rows)) for s in self.statements], [replace(c) for c in self.claims])


class SeasonalCountry(Country):
    """The sample country in other years, with foundings and dissolutions that swing with the season."""

    def __init__(self, settings: Settings, last: str) -> None:
        super().__init__(settings)
        self.periods = last_periods(settings.months, last)

    def _national(self, kind: str, stream: Stream, period: Period) -> int:
        return round(super()._national(kind, stream, period) * SEASON.get(period.start.month, 1.0))


def clean_world(provinces: int = 63, months: int = 24, last: str = "2025-12", seed: int = 7) -> World:
    """A world in which every figure is correct; equal arguments give equal worlds."""
    country = SeasonalCountry(Settings(provinces, months, 0.2, seed), last)
    successors = {r["code_before_2025_07"]: r["code_from_2025_07"] for r in reference_rows("provinces")}
    by_place: dict[tuple[str, str, str], list[dict[str, list[Row]]]] = {}
    for place in country.places:
        for report in country.reports(place.code):
            merged = report.period.start >= MERGER
            key = ("34", successors[place.code]) if merged else ("63", place.code)
            by_place.setdefault((*key, report.period.code), []).append(report.rows)
    statements: list[Statement] = []
    for (map_, code, period), parts in sorted(by_place.items()):
        rng = country.rng("received", map_, code, period)
        days = rng.randint(6, 14) if rng.random() < 0.1 else rng.randint(1, 5)
        received = datetime.combine(Period(period).end, datetime.min.time()) + timedelta(days=days, hours=3)
        rows = parts[0] if len(parts) == 1 else _merged(parts)
        statement = Statement(code, map_, period, received, rows)
        statements.append(statement)
        if rng.random() < 0.05:
            statements.append(replace(statement, received_at=received + timedelta(days=3), revision=2))
            statement.rows = deepcopy(rows)
            for sector in ("agriculture", "total"):
                row = statement.count("THT", sector)
                for column in ("founded_count", "dissolved_count"):
                    row[column] = whole(row[column]) + 1
    statements += _longer(statements, country)
    return World(statements, _press(statements, country))


def _merged(parts: list[dict[str, list[Row]]]) -> dict[str, list[Row]]:
    """Reports of merged provinces as one: counts summed, lists one after the other."""
    rows: dict[str, list[Row]] = {form: [r for part in parts for r in part[form]] for form in MONTHLY}
    rows["BIEU_01"] = _summed([part["BIEU_01"] for part in parts], {})
    return rows


def _summed(tables: list[list[Row]], ends: dict[str, int]) -> list[Row]:
    """BIEU_01 row by row: sums, but for measures in ``ends``, which are taken from that table."""
    summed = []
    for lines in zip(*tables, strict=True):
        row: Row = {k: v for k, v in lines[0].items() if not k.endswith("_count")}
        for measure in (m for m in lines[0] if m.endswith("_count")):
            at = ends.get(measure)
            row[measure] = sum(whole(line[measure]) for line in lines) if at is None else lines[at][measure]
        summed.append(row)
    return summed


def _longer(statements: list[Statement], country: Country) -> list[Statement]:
    """Quarters, half-years and years of every eighth province: sums of its months, and the forms of longer periods."""
    places = {place.code: place for place in country.places}
    newest: dict[tuple[str, str], Statement] = {}
    for s in sorted(statements, key=lambda s: s.revision):
        if s.province_map == "63" and int(s.province) % 8 == 1:
            newest[s.province, s.period] = s
    found = []
    for code in sorted({province for province, _ in newest}):
        for long, size in _long_periods(country.periods):
            months = [newest.get((code, month)) for month in size]
            if not all(months):
                continue
            tables = [m.rows["BIEU_01"] for m in months if m]
            ends = {m: len(tables) - 1 for m in tables[0][0] if m.endswith("_count") and m not in FLOWS}
            rows: dict[str, list[Row]] = {form: [] for form in MONTHLY}
            rows |= periodic.report_for(country, places[code], Period(long), list(country.reports(code))).rows
            rows["BIEU_01"] = _summed(tables, ends | {"opening_count": 0})
            received = datetime.combine(Period(long).end, datetime.min.time()) + timedelta(days=7)
            found.append(Statement(code, "63", long, received, rows))
    return found


def _long_periods(periods: Iterable[Period]) -> list[tuple[str, list[str]]]:
    long: dict[str, list[str]] = {}
    for period in periods:
        year, month = period.start.year, period.start.month
        for code in (f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}", str(year)):
            long.setdefault(code, []).append(period.code)
    sizes = {"Q": 3, "H": 6}
    return [(code, months) for code, months in long.items() if len(months) == sizes.get(code[5:6], 12)]


def _press(statements: list[Statement], country: Country) -> list[Claim]:
    newest: dict[tuple[tuple[str, str], str], Statement] = {}
    for s in sorted(statements, key=lambda s: s.revision):
        newest[s.place, s.period] = s
    names = {("63", p.code): p.name for p in country.places}
    names |= {("34", r["code_from_2025_07"]): r["name_from_2025_07"] for r in reference_rows("provinces")}
    claims: list[Claim] = []
    running: dict[tuple[int, str], int] = {}
    for period in country.periods:
        here = [s for s in newest.values() if s.period == period.code]
        for metric, measure in (("founded", "founded_count"), ("dissolved", "dissolved_count")):
            value = sum(whole(s.count("HTX", leaf)[measure]) for s in here for leaf in LEAVES)
            year = period.start.year
            running[year, metric] = running.get((year, metric), 0) + value
            claims.append(Claim(metric, Decimal(value), "Việt Nam", period, "period"))
            claims.append(Claim(metric, Decimal(running[year, metric]), "Việt Nam", period, "ytd"))
        operating = sum(whole(s.count("HTX", leaf)["operating_count"]) for s in here for leaf in LEAVES)
        claims.append(Claim("stock_operating", Decimal(operating), "Việt Nam", period, "stock"))
        for s in sorted(here, key=lambda s: s.place)[:: max(1, len(here) // 8)]:
            name, key = names[s.province_map, s.province], s.place[0]
            stock = sum(whole(s.count("HTX", leaf)["closing_count"]) for leaf in LEAVES)
            if stock >= 20:
                claims.append(Claim("stock", Decimal(stock // 10 * 10), name, period, "stock", key, "over"))
            positions = s.rows["BIEU_04A"]
            owed = sum(whole(p["outstanding_vnd"]) for p in positions)
            if owed:
                bad = sum(whole(p[f"debt_group_{n}_vnd"]) for p in positions for n in (3, 4, 5))
                ratio = round(Decimal(100 * bad) / owed, 1)
                claims.append(Claim("bad_debt_ratio", ratio, name, period, "stock", key))
    return claims
