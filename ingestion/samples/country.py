"""A synthetic country: its provinces, and the true report of each for each month.

Contains the model and its calibration: national sums, their split over provinces, and the development of each
register, fund and fair. Workbooks, articles and faults are other modules. Returns one :class:`Report` per province and
month, rows by form code.

Nothing here describes a real province. Only the national sums of November 2021 are real; the rest is drawn from
generators seeded by (seed, subject, province, month), so no result depends on the order of work.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random

from ingestion.forms.definition import expected_forms
from ingestion.forms.example import example_row
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.personal import is_tax_code
from warehouse.reference import reference_rows

Value = str | int | Decimal | date | None
Row = dict[str, Value]

#: The last month of every sample, and what was published for it (domain brief, part 1.5).
LAST_PERIOD = "2021-11"
PUBLISHED_FOUNDED = {"agriculture": 148, "non_agriculture": 41}
PUBLISHED_DISSOLVED = {"agriculture": 21, "non_agriculture": 9}
PUBLISHED_OPERATING = 26_661
ALL_PROVINCES = 63

_AGRICULTURE_SHARE = 0.668
#: Shares of the seven non-agricultural leaves, end of 2024 (domain brief, part 2.2).
_NON_AGRICULTURE_WEIGHTS = {
    "industry": 2792,
    "trade_services": 3103,
    "transport": 1924,
    "construction": 860,
    "credit_fund": 1181,
    "environment": 646,
    "other": 636,
}
LEAVES = ("agriculture", *_NON_AGRICULTURE_WEIGHTS)
GROUPS = ("agriculture", "non_agriculture")
SECTOR_ROWS = ("total", *GROUPS, *_NON_AGRICULTURE_WEIGHTS)
ORG_TYPES = ("HTX", "LHHTX", "THT")
IN_STOCK = frozenset({"operating", "suspended", "stopped", "winding_up"})

_MILLION = 1_000_000
#: Money in the forms has at most two decimals of a million đồng.
_MONEY_STEP = 10_000
_RESERVE_PER_STREAM = 4

#: An organisation type within one of the two sector groups: the grain at which national sums are fixed.
Stream = tuple[str, str]
STREAMS: tuple[Stream, ...] = tuple((t, g) for t in ("HTX", "LHHTX") for g in GROUPS)

_MEASURES = (
    "opening_count",
    "founded_count",
    "converted_in_count",
    "dissolved_count",
    "converted_out_count",
    "closing_count",
    "operating_count",
    "stopped_count",
    "member_count",
    "worker_count",
)
_NAME_WORDS = (
    "An Bình",
    "Bình Minh",
    "Đại Thắng",
    "Đồng Tâm",
    "Hòa Hợp",
    "Hưng Thịnh",
    "Minh Tiến",
    "Phú Lộc",
    "Quyết Tiến",
    "Sao Mai",
    "Tân Lập",
    "Thành Công",
    "Thống Nhất",
    "Tiền Phong",
    "Vạn Xuân",
)
_PRODUCTS = (
    "Gạo, nếp",
    "Rau an toàn",
    "Chè, dược liệu",
    "Mật ong",
    "Trái cây sấy",
    "Thủy sản khô",
    "Mây tre đan",
    "Gốm, thổ cẩm",
    "Nấm các loại",
    "Nước mắm, mắm tép",
)
_PURPOSES = (
    "Mua máy làm đất",
    "Xây kho lạnh",
    "Dựng nhà màng trồng rau",
    "Mua xe tải nhẹ",
    "Lắp dây chuyền sơ chế",
    "Bổ sung vốn lưu động mùa vụ",
)
_PARTNER_WORDS = ("Ánh Dương", "Bắc Nam", "Cửu Long", "Đại Việt", "Hoàng Gia", "Liên Á", "Phương Đông")


@dataclass(frozen=True)
class Settings:
    """Size and seed of a sample; equal settings give equal samples."""

    provinces: int = ALL_PROVINCES
    months: int = 3
    scale: float = 1.0
    seed: int = 2021

    def __post_init__(self) -> None:
        if not 1 <= self.provinces <= ALL_PROVINCES:
            raise ValueError(f"provinces must be from 1 to {ALL_PROVINCES}, not {self.provinces}")
        if not 1 <= self.months <= 60:
            raise ValueError(f"months must be from 1 to 60, not {self.months}")
        if not 0 < self.scale <= 4:
            raise ValueError(f"scale must be above 0 and at most 4, not {self.scale}")


@dataclass(frozen=True)
class Place:
    """A province on the map of 63, valid until 30 June 2025."""

    code: str
    name: str
    kind: str
    region: str
    variants: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """As in an agency's letterhead: ``tỉnh Nghệ An``, ``thành phố Hà Nội``."""
        return f"{self.kind.lower()} {self.name}"


EXAMPLE_ROWS = 3


@dataclass
class Report:
    """The true report of one province for one month: rows by form code, in the order of the sheet.

    Values are codes for code columns, whole đồng for money, percent per month for the loan rate, None for empty.
    """

    place: Place
    period: Period
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def count(self, org_type: str, sector: str, measure: str) -> int:
        """One number of BIEU_01."""
        value = next(
            row[measure] for row in self.rows["BIEU_01"] if row["org_type"] == org_type and row["sector"] == sector
        )
        if not isinstance(value, int):
            raise TypeError(f"BIEU_01 {org_type} {sector} {measure} is {value!r}")
        return value


def add_examples(report: Report, register: Sequence[Row]) -> None:
    """Add a few rows of every required form without a model; they refer to the report's organisations."""
    for form in expected_forms(report.period):
        if form.kind == "table" and form.code not in report.rows:
            rows = [example_row(form, report.period, number) for number in range(EXAMPLE_ROWS)]
            for row, organisation in zip(rows, register, strict=False):
                row.update({name: organisation[name] for name in ("org_code", "org_name") if name in row})
            report.rows[form.code] = rows


def allocate(total: int, weights: Sequence[float]) -> list[int]:
    """Split ``total`` by ``weights`` into whole numbers that sum to it (largest remainder, ties by position)."""
    whole = sum(weights)
    shares = [total * weight / whole for weight in weights]
    parts = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def last_periods(months: int, last: str = LAST_PERIOD) -> tuple[Period, ...]:
    """The ``months`` months that end with ``last``, oldest first."""
    year, month = map(int, last.split("-"))
    serial = year * 12 + month - 1
    return tuple(Period(f"{n // 12}-{n % 12 + 1:02d}") for n in range(serial - months + 1, serial + 1))


def _all_places() -> tuple[Place, ...]:
    return tuple(
        Place(
            row["code_before_2025_07"],
            row["name_before_2025_07"],
            row["type_before"],
            row["region8"],
            tuple(row["variants"].split("|")),
        )
        for row in reference_rows("provinces")
    )


class Country:
    """National sums and their split over the chosen provinces, month by month.

    With 63 provinces and scale 1 the sums of November 2021 are the published ones; otherwise they shrink in
    proportion, but each month keeps at least two foundings and one dissolution so that there is something to see.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.periods = last_periods(settings.months)
        places = _all_places()
        # Spread over the map, so that a small sample has northern and southern provinces.
        self.places = tuple(places[i * len(places) // settings.provinces] for i in range(settings.provinces))
        self._by_code = {place.code: place for place in self.places}

    def place(self, code: str) -> Place:
        """The chosen province with that code; KeyError if it is not in the sample."""
        return self._by_code[code]

    def rng(self, *subject: str) -> Random:
        """The random generator of a subject, independent of all others."""
        return Random("|".join((str(self.settings.seed), *subject)))

    @property
    def is_calibrated(self) -> bool:
        """Whether the national sums are exactly the published ones."""
        return self.settings.provinces == ALL_PROVINCES and self.settings.scale == 1.0

    @property
    def _share(self) -> float:
        return self.settings.provinces / ALL_PROVINCES * self.settings.scale

    @cached_property
    def _weights(self) -> list[float]:
        return [self.rng("size", place.code).lognormvariate(0, 0.4) for place in self.places]

    def _national(self, kind: str, stream: Stream, period: Period) -> int:
        org_type, group = stream
        rng = self.rng("national", kind, org_type, group, period.code)
        agricultural = group == "agriculture"
        if org_type == "LHHTX":
            full = (rng.randint(1, 2) if agricultural else rng.randint(0, 1)) if kind == "founded" else 0
            return full if self._share >= 1 else round(full * self._share)
        published = PUBLISHED_FOUNDED if kind == "founded" else PUBLISHED_DISSOLVED
        factor = 1.0 if period.code == LAST_PERIOD else rng.uniform(0.75, 1.3)
        full = round(published[group] * factor)
        if self._share == 1:
            return full
        least = {("founded", True): 2, ("founded", False): 1, ("dissolved", True): 1}.get((kind, agricultural), 0)
        return max(least, round(full * self._share))

    @cached_property
    def flows(self) -> Mapping[tuple[str, Stream, str, str], int]:
        """Founded and dissolved by (kind, stream, period code, province code)."""
        found: dict[tuple[str, Stream, str, str], int] = {}
        for kind, spread in (("founded", 0.35), ("dissolved", 0.9)):
            for stream in STREAMS:
                for period in self.periods:
                    weights = [
                        weight * self.rng(kind, *stream, period.code, place.code).lognormvariate(0, spread)
                        for weight, place in zip(self._weights, self.places, strict=True)
                    ]
                    parts = allocate(self._national(kind, stream, period), weights)
                    for place, part in zip(self.places, parts, strict=True):
                        found[kind, stream, period.code, place.code] = part
        return found

    @cached_property
    def final_operating(self) -> Mapping[tuple[Stream, str], int]:
        """Operating organisations at the end of the last month by (stream, province code)."""
        national = {
            ("HTX", "agriculture"): round(PUBLISHED_OPERATING * _AGRICULTURE_SHARE),
            ("LHHTX", "agriculture"): 74,
            ("LHHTX", "non_agriculture"): 35,
        }
        national["HTX", "non_agriculture"] = PUBLISHED_OPERATING - national["HTX", "agriculture"]
        found: dict[tuple[Stream, str], int] = {}
        for stream in STREAMS:
            weights = [
                weight * self.rng("share", *stream, place.code).uniform(0.8, 1.25)
                for weight, place in zip(self._weights, self.places, strict=True)
            ]
            total = national[stream] if self._share == 1 else round(national[stream] * self._share)
            for place, part in zip(self.places, allocate(total, weights), strict=True):
                net = sum(
                    self.flows["founded", stream, p.code, place.code]
                    - self.flows["dissolved", stream, p.code, place.code]
                    for p in self.periods
                )
                # A very small register still needs enough organisations for its own changes.
                least = net + _RESERVE_PER_STREAM if stream[0] == "HTX" else max(net, 0)
                found[stream, place.code] = max(part, least)
        return found

    @cached_property
    def fund_provinces(self) -> frozenset[str]:
        """Provinces that have a support fund: about 50 of 63."""
        ranked = sorted(self.places, key=lambda p: self.rng("has fund", p.code).random())
        return frozenset(p.code for p in ranked[: max(1, round(len(ranked) * 50 / ALL_PROVINCES))])

    @cached_property
    def fair_provinces(self) -> Mapping[str, frozenset[str]]:
        """Provinces that hold a trade fair, by period code: about one in eight, at least two."""
        held: dict[str, frozenset[str]] = {}
        for period in self.periods:
            ranked = sorted(self.places, key=lambda p: self.rng("has fair", period.code, p.code).random())
            held[period.code] = frozenset(p.code for p in ranked[: max(2, round(len(ranked) / 8))])
        return held

    def reports(self, code: str) -> list[Report]:
        """The reports of one province, oldest first: deterministic, and independent of other provinces' calls."""
        return _ProvinceModel(self, self.place(code)).run()


@dataclass(slots=True)
class _Organisation:
    code: str
    org_type: str
    sector: str
    name: str
    commune: int
    district: int
    founded_on: date
    legal_regime: str
    status: str
    members: int
    workers: int
    capital: int
    event: str | None = None
    event_on: date | None = None
    decision: str | None = None


@dataclass(slots=True)
class _Loan:
    code: str
    borrower: str
    kind: str
    purpose: str
    cost: int
    principal: int
    signed_on: date
    due_on: date
    rate: Decimal
    disbursed: int
    repaid: int
    written_off: int
    group: int
    security: str
    #: Moved in the month under report, so that a loan repaid in it is still listed.
    moved: bool = False

    @property
    def outstanding(self) -> int:
        return self.disbursed - self.repaid - self.written_off


def _group_of(sector: str) -> str:
    return "agriculture" if sector == "agriculture" else "non_agriculture"


def _money(amount: float) -> int:
    return round(amount / _MONEY_STEP) * _MONEY_STEP


def _day_in(period: Period, rng: Random) -> date:
    return period.start + timedelta(days=rng.randrange((period.end - period.start).days + 1))


class _ProvinceModel:
    """The life of one province's organisations, fund and fairs over the months of the sample."""

    def __init__(self, country: Country, place: Place) -> None:
        self.country = country
        self.place = place
        self.register: list[_Organisation] = []
        self.next_number = {"HTX": 1, "LHHTX": 1}
        self.next_member = 1
        self.rng = country.rng("register", place.code)
        self.groups = _GroupCounts(country, place)

    def run(self) -> list[Report]:
        self._found_the_past()
        fund = _Fund(self.country, self.place, self.register) if self._has_fund else None
        reports = []
        opening = self._stock()
        for period in self.country.periods:
            self._live(period)
            members = self._members_of_the_new(period)
            report = Report(self.place, period)
            report.rows["BIEU_01"] = self._counts(period, opening)
            report.rows["BIEU_02"] = [self._register_row(o) for o in self.register]
            report.rows["BIEU_03"] = members
            report.rows["BIEU_04A"], report.rows["BIEU_04B"] = fund.report(period) if fund else ([], [])
            fairs = self._fairs(period)
            report.rows["BIEU_05A"], report.rows["BIEU_05B"], report.rows["BIEU_05C"] = fairs
            add_examples(report, report.rows["BIEU_02"])
            reports.append(report)
            opening = self._stock()
        return reports

    @property
    def _has_fund(self) -> bool:
        return self.place.code in self.country.fund_provinces

    def _stock(self) -> Counter[tuple[str, str]]:
        return Counter((o.org_type, o.sector) for o in self.register if o.status in IN_STOCK)

    def _sector(self, group: str) -> str:
        if group == "agriculture":
            return group
        names, weights = zip(*_NON_AGRICULTURE_WEIGHTS.items(), strict=True)
        return str(self.rng.choices(names, weights)[0])

    def _found_the_past(self) -> None:
        """The register before the first month: the final stock less the net flows of all months."""
        first = self.country.periods[0]
        for stream in STREAMS:
            org_type, group = stream
            operating = self.country.final_operating[stream, self.place.code]
            for period in self.country.periods:
                operating -= self.country.flows["founded", stream, period.code, self.place.code]
                operating += self.country.flows["dissolved", stream, period.code, self.place.code]
            idle = round(operating * self.rng.uniform(0.035, 0.08))
            kinds = ("suspended", "stopped", "winding_up")
            statuses = ["operating"] * operating + self.rng.choices(kinds, (2, 6, 3), k=idle)
            for status in statuses:
                # More organisations are young than old.
                age = 30 + int(8000 * self.rng.random() ** 2)
                founded_on = first.start - timedelta(days=age)
                self.register.append(self._organisation(org_type, self._sector(group), founded_on, status))
        self.register.sort(key=lambda o: (o.org_type, o.founded_on))
        for organisation in self.register:
            self._number(organisation)

    def _organisation(self, org_type: str, sector: str, founded_on: date, status: str) -> _Organisation:
        rng = self.rng
        typical = 1200 if sector == "credit_fund" else 160 if sector == "agriculture" else 45
        if org_type == "LHHTX":
            typical = 9
        members = max(7, round(typical * rng.lognormvariate(0, 0.7)))
        if founded_on >= date(2013, 7, 1):
            regime = "2012"
        else:
            regime = "2012" if rng.random() < 0.85 else "2003" if founded_on >= date(2004, 7, 1) else "1996"
        return _Organisation(
            code="",
            org_type=org_type,
            sector=sector,
            name="",
            commune=rng.randint(1, 160),
            district=rng.randint(1, 12),
            founded_on=founded_on,
            legal_regime=regime,
            status=status,
            members=members,
            workers=max(2, round(14 * rng.lognormvariate(0, 0.8))),
            capital=round(1500 * rng.lognormvariate(0, 0.9) * 10) * _MILLION // 10,
        )

    def _number(self, organisation: _Organisation) -> None:
        number = self.next_number[organisation.org_type]
        self.next_number[organisation.org_type] = number + 1
        word = _NAME_WORDS[number % len(_NAME_WORDS)]
        prefix, label = ("HTX", "HTX") if organisation.org_type == "HTX" else ("LH", "Liên hiệp HTX")
        organisation.code = f"{prefix}-{self.place.code}-{number:06d}"
        organisation.name = f"{label} mẫu {word} {self.place.code}-{number:04d}"

    def _live(self, period: Period) -> None:
        """One month: exits of the month before leave the register, then this month's changes happen."""
        self.register = [o for o in self.register if o.status in IN_STOCK]
        for o in self.register:
            o.event = o.event_on = o.decision = None
        for stream in STREAMS:
            founded = self.country.flows["founded", stream, period.code, self.place.code]
            dissolved = self.country.flows["dissolved", stream, period.code, self.place.code]
            self._dissolve(stream, dissolved, period)
            if stream[0] == "HTX":
                self._move(stream, period)
            for day in sorted(_day_in(period, self.rng) for _ in range(founded)):
                self._found(stream, day)
        self.register.sort(key=lambda o: (o.org_type, o.code))

    def _quiet(self, stream: Stream, status: str) -> list[_Organisation]:
        return [
            o
            for o in self.register
            if o.status == status and o.event is None and o.org_type == stream[0] and _group_of(o.sector) == stream[1]
        ]

    def _happen(self, o: _Organisation, event: str, status: str, day: date) -> None:
        o.event, o.status, o.event_on = event, status, day
        o.decision = f"{self.rng.randint(1, 999)}/QĐ-MAU"

    def _found(self, stream: Stream, day: date) -> None:
        org_type, group = stream
        o = self._organisation(org_type, self._sector(group), day, "operating")
        # Article 13 of the law of 2012: at least seven founders; a union: at least four cooperatives.
        o.members = self.rng.randint(7, 25) if org_type == "HTX" else self.rng.randint(7, 12)
        self._number(o)
        self._happen(o, "founded", "operating", day)
        self.register.append(o)

    def _dissolve(self, stream: Stream, number: int, period: Period) -> None:
        """Dissolve ``number``; the operating stock falls by exactly as many.

        One that was winding up is replaced by another that begins to, so that published operating stocks follow
        from foundings and dissolutions alone, as the published ones do.
        """
        for _ in range(number):
            winding_up = self._quiet(stream, "winding_up")
            operating = self._quiet(stream, "operating")
            if winding_up and len(operating) > 1 and self.rng.random() < 0.6:
                goner = self.rng.choice(winding_up)
                self.rng.choice(operating).status = "winding_up"
            else:
                goner = self.rng.choice(operating)
            self._happen(goner, "dissolved", "dissolved", _day_in(period, self.rng))

    def _move(self, stream: Stream, period: Period) -> None:
        """Changes that leave the operating stock as it is: pairs of suspended and restored, converted out and in."""
        for chance, away, status in ((0.5, "suspended", "suspended"), (0.08, "converted", "converted")):
            operating = self._quiet(stream, "operating")
            if self.rng.random() >= chance or len(operating) < 3:
                continue
            back = self._quiet(stream, "suspended")
            if away == "suspended":
                if not back:
                    continue
                self._happen(self.rng.choice(back), "restored", "operating", _day_in(period, self.rng))
            else:
                age = timedelta(days=self.rng.randint(400, 4000))
                sector = self._sector(stream[1])
                o = self._organisation(stream[0], sector, period.start - age, "operating")
                self._number(o)
                self._happen(o, "converted_in", "operating", _day_in(period, self.rng))
                self.register.append(o)
            self._happen(self.rng.choice(operating), away, status, _day_in(period, self.rng))

    def _counts(self, period: Period, opening: Counter[tuple[str, str]]) -> list[Row]:
        leaves: dict[tuple[str, str], Counter[str]] = {}
        for org_type in ("HTX", "LHHTX"):
            for leaf in LEAVES:
                leaves[org_type, leaf] = Counter({"opening_count": opening[org_type, leaf]})
        flow = {
            "founded": "founded_count",
            "converted_in": "converted_in_count",
            "dissolved": "dissolved_count",
            "converted": "converted_out_count",
        }
        for o in self.register:
            counts = leaves[o.org_type, o.sector]
            if o.event in flow:
                counts[flow[o.event]] += 1
            if o.status in IN_STOCK:
                counts["closing_count"] += 1
                counts["operating_count" if o.status == "operating" else "stopped_count"] += 1
                counts["member_count"] += o.members
                counts["worker_count"] += o.workers
        for leaf, group_counts in self.groups.month(period).items():
            leaves["THT", leaf] = group_counts
        rows: list[Row] = []
        for org_type in ORG_TYPES:
            for sector in SECTOR_ROWS:
                parts = [leaves[org_type, leaf] for leaf in LEAVES if sector in ("total", leaf, _group_of(leaf))]
                row: Row = {"org_type": org_type, "sector": sector}
                row.update({measure: sum(part[measure] for part in parts) for measure in _MEASURES})
                rows.append(row)
        return rows

    def _register_row(self, o: _Organisation) -> Row:
        stays = o.status in IN_STOCK
        return {
            "org_code": o.code,
            "tax_code": _tax_code(o.code),
            "org_name": o.name,
            "org_type": o.org_type,
            "sector": o.sector,
            "commune_name": f"Xã mẫu {o.commune:03d}",
            "district_name": f"Huyện mẫu {o.district:02d}",
            "founded_on": o.founded_on,
            "legal_regime": o.legal_regime,
            "status": o.status,
            "member_count": o.members if stays else 0,
            "worker_count": o.workers if stays else 0,
            "charter_capital_vnd": o.capital,
            "event_kind": o.event,
            "event_on": o.event_on,
            "decision_number": o.decision,
        }

    def _members_of_the_new(self, period: Period) -> list[Row]:
        """Founding members; an organisation's capital is what they contributed."""
        rng = self.country.rng("members", self.place.code, period.code)
        rows: list[Row] = []
        for o in self.register:
            if o.event != "founded":
                continue
            o.capital = 0
            for _ in range(o.members):
                kind = "legal_entity"
                if o.org_type == "HTX":
                    kind = rng.choices(("individual", "household", "legal_entity"), (85, 12, 3))[0]
                share = rng.randint(10, 800) * _MILLION // 10
                o.capital += share
                person = kind == "individual"
                rows.append(
                    {
                        "org_code": o.code,
                        "member_name": f"Thành viên mẫu {self.next_member:06d}",
                        "member_id": f"MAU-{self.place.code}-{self.next_member:06d}",
                        "member_kind": kind,
                        "sex": rng.choice(("male", "female")) if person else None,
                        "birth_year": rng.randint(1955, 2000) if person else None,
                        "joined_on": o.founded_on,
                        "left_on": None,
                        "capital_contributed_vnd": share,
                    }
                )
                self.next_member += 1
        return rows

    def _fairs(self, period: Period) -> tuple[list[Row], list[Row], list[Row]]:
        if self.place.code not in self.country.fair_provinces[period.code]:
            return [], [], []
        rng = self.country.rng("fair", self.place.code, period.code)
        code = f"HC-{self.place.code}-{period.code}-1"
        pool = [o for o in self.register if o.status == "operating" and o.event is None]
        guests = sorted(rng.sample(pool, min(len(pool), rng.randint(14, 40))), key=lambda o: o.code)
        start = period.start + timedelta(days=rng.randint(3, 20))
        listed: list[Row] = [
            {
                "fair_code": code,
                "org_code": o.code,
                "org_name": o.name,
                "booth_count": rng.choices((1, 2, 3), (7, 2, 1))[0],
                "product_names": rng.choice(_PRODUCTS),
                "sales_vnd": _money(rng.lognormvariate(3.2, 0.7) * _MILLION),
            }
            for o in guests
        ]
        contracts: list[Row] = []
        for number in range(1, rng.randint(4, 10) + 1):
            kind = rng.choices(("contract", "agreement", "memorandum"), (6, 3, 2))[0]
            stated = kind != "memorandum" or rng.random() < 0.4
            contracts.append(
                {
                    "contract_code": f"HĐ-{self.place.code}-{period.code}-{number:03d}",
                    "fair_code": code,
                    "org_code": rng.choice(guests).code,
                    "partner_name": f"Công ty mẫu {rng.choice(_PARTNER_WORDS)}",
                    "contract_kind": kind,
                    "signed_on": start + timedelta(days=rng.randint(0, 4)),
                    "product_names": rng.choice(_PRODUCTS),
                    "value_vnd": _money(rng.lognormvariate(6, 0.6) * _MILLION) if stated else None,
                }
            )
        fair: Row = {
            "fair_code": code,
            "fair_name": f"Hội chợ mẫu hàng hóa HTX {self.place.full_name} {period.start.year}",
            "place": f"Trung tâm triển lãm mẫu {self.place.name}",
            "started_on": start,
            "ended_on": start + timedelta(days=4),
            "booth_count": _total(listed, "booth_count"),
            "cooperative_participant_count": len(listed),
            "other_participant_count": rng.randint(3, 20),
            "visitor_count": rng.randint(20, 150) * 100,
            "contract_count": len(contracts),
            "contract_value_vnd": _total(contracts, "value_vnd"),
        }
        return [fair], listed, contracts


def _total(rows: Sequence[Row], column: str) -> int:
    return sum(value for row in rows if isinstance(value := row[column], int))


class _GroupCounts:
    """Cooperative groups (THT): counts only, without a register."""

    def __init__(self, country: Country, place: Place) -> None:
        self.rng = country.rng("groups", place.code)
        size = 1900 * country.settings.scale * self.rng.lognormvariate(0, 0.4)
        weights = [sum(_NON_AGRICULTURE_WEIGHTS.values()) * 2.0, *_NON_AGRICULTURE_WEIGHTS.values()]
        parts = allocate(max(80, round(size)), weights)
        self.closing = dict(zip(LEAVES, parts, strict=True))
        self.stopped = {leaf: count // 25 for leaf, count in self.closing.items()}
        self.per_group = {leaf: self.rng.uniform(8, 14) for leaf in LEAVES}

    def month(self, period: Period) -> dict[str, Counter[str]]:
        """The month's counts by leaf; call once per month, in order."""
        found: dict[str, Counter[str]] = {}
        for leaf in LEAVES:
            opening = self.closing[leaf]
            founded = round(opening * self.rng.uniform(0, 0.008))
            dissolved = min(round(opening * self.rng.uniform(0, 0.005)), opening - self.stopped[leaf])
            # A group that becomes a cooperative leaves this count.
            converted_out = 1 if opening > 50 and self.rng.random() < 0.1 else 0
            closing = opening + founded - dissolved - converted_out
            self.closing[leaf] = closing
            members = round(closing * self.per_group[leaf])
            found[leaf] = Counter(
                opening_count=opening,
                founded_count=founded,
                dissolved_count=dissolved,
                converted_out_count=converted_out,
                closing_count=closing,
                operating_count=closing - self.stopped[leaf],
                stopped_count=self.stopped[leaf],
                member_count=members,
                worker_count=round(members * 0.9),
            )
        return found


class _Fund:
    """A province's support fund: its capital and its loans."""

    _PROVISION_RATES = (Decimal("0.0075"), Decimal("0.05"), Decimal("0.2"), Decimal("0.5"), Decimal(1))

    def __init__(self, country: Country, place: Place, borrowers: Sequence[_Organisation]) -> None:
        self.place = place
        self.code = f"QUY-{place.code}"
        self.rng = country.rng("fund", place.code)
        self.borrowers = [o for o in borrowers if o.status == "operating"]
        self.model = self.rng.choices(("state_company", "cooperative"), (4, 1))[0]
        self.charter = self.rng.randint(200, 800) * 100 * _MILLION
        # Decree 45/2021/NĐ-CP, article 37: at least 20 billion đồng for a provincial fund.
        self.paid = max(20_000 * _MILLION, _money(self.charter * self.rng.uniform(0.8, 1)))
        self.surplus = _money(self.rng.uniform(0.2, 3) * 1000 * _MILLION)
        self.other = self.rng.choice((0, 0, 500, 1500, 4200)) * _MILLION
        self.next_loan = 1
        self.loans: list[_Loan] = []
        for _ in range(self.rng.randint(8, 22)):
            self.loans.append(self._grant(country.periods[0].start, past=True))

    def _grant(self, day: date, *, past: bool) -> _Loan:
        """A loan signed before ``day`` (``past``, partly repaid) or on it."""
        rng = self.rng
        borrower = rng.choice(self.borrowers)
        principal = rng.randint(10, 150) * 10 * _MILLION
        # No borrower owes more than a seventh of the paid charter capital, nearly the ceiling that is configured.
        if self._owed(borrower) + principal > self.paid // 7:
            borrower = min(self.borrowers, key=lambda o: (self._owed(o), o.code))
            principal = max(10 * _MILLION, min(principal, _money(self.paid // 7 - self._owed(borrower))))
        # Decree 45/2021/NĐ-CP: the borrower's own capital is at least 20 % of the project.
        cost = math.ceil(principal / rng.uniform(0.45, 0.78) / (10 * _MILLION)) * 10 * _MILLION
        signed_on = day - timedelta(days=rng.randint(20, 600)) if past else day
        kind = "union" if borrower.org_type == "LHHTX" else rng.choices(("cooperative", "member"), (9, 1))[0]
        number, self.next_loan = self.next_loan, self.next_loan + 1
        return _Loan(
            code=f"VAY-{self.place.code}-{number:04d}",
            borrower=borrower.code,
            kind=kind,
            purpose=rng.choice(_PURPOSES),
            cost=cost,
            principal=principal,
            signed_on=signed_on,
            due_on=signed_on + timedelta(days=365 * rng.choice((2, 3, 3, 5))),
            rate=Decimal(rng.randrange(40, 61, 5)) / 100,
            disbursed=principal,
            repaid=_money(principal * rng.uniform(0, 0.6)) if past else 0,
            written_off=0,
            group=rng.choices((1, 2, 3, 4, 5), (88, 6, 3, 2, 1))[0] if past else 1,
            security=rng.choices(("mortgage", "pledge", "guarantee", "unsecured"), (6, 1, 2, 3))[0],
        )

    def _owed(self, borrower: _Organisation) -> int:
        return sum(loan.outstanding for loan in self.loans if loan.borrower == borrower.code)

    def report(self, period: Period) -> tuple[list[Row], list[Row]]:
        """Position and loans at the end of ``period``; call once per month, in order."""
        rng = self.rng
        self.loans = [loan for loan in self.loans if loan.outstanding > 0]
        opening = sum(loan.outstanding for loan in self.loans)
        disbursed = repaid = written_off = 0
        for loan in self.loans:
            loan.moved = False
            if loan.group <= 2 and rng.random() < 0.35:
                part = min(loan.outstanding, _money(loan.principal * rng.choice((0.05, 0.1, 0.25))))
                loan.repaid += part
                repaid += part
                loan.moved = part > 0
            elif loan.group == 5 and rng.random() < 0.15:
                part = _money(loan.outstanding * 0.2)
                loan.written_off += part
                written_off += part
            elif rng.random() < 0.01:
                loan.group = min(5, loan.group + 1)
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            loan = self._grant(_day_in(period, rng), past=False)
            self.loans.append(loan)
            disbursed += loan.principal
        outstanding = sum(loan.outstanding for loan in self.loans)
        groups = [sum(x.outstanding for x in self.loans if x.group == number) for number in range(1, 6)]
        provision = sum(rate * amount for rate, amount in zip(self._PROVISION_RATES, groups, strict=True))
        position: Row = {
            "fund_code": self.code,
            "fund_name": f"Quỹ hỗ trợ phát triển HTX mẫu {self.place.full_name}",
            "fund_model": self.model,
            "charter_registered_vnd": self.charter,
            "charter_paid_vnd": self.paid,
            "equity_vnd": self.paid + self.surplus,
            "other_sources_vnd": self.other,
            "opening_outstanding_vnd": opening,
            "disbursed_vnd": disbursed,
            "repaid_vnd": repaid,
            "written_off_vnd": written_off,
            "outstanding_vnd": outstanding,
            "provision_vnd": _money(float(provision)),
        }
        position.update({f"debt_group_{n}_vnd": amount for n, amount in enumerate(groups, 1)})
        return [position], [self._loan_row(loan) for loan in self.loans if loan.outstanding > 0 or loan.moved]

    def _loan_row(self, loan: _Loan) -> Row:
        overdue = 0 if loan.group == 1 else _money(loan.outstanding * 0.4) if loan.group == 2 else loan.outstanding
        return {
            "loan_code": loan.code,
            "fund_code": self.code,
            "borrower_code": loan.borrower,
            "borrower_kind": loan.kind,
            "purpose": loan.purpose,
            "project_cost_vnd": loan.cost,
            "own_capital_vnd": loan.cost - loan.principal,
            "principal_vnd": loan.principal,
            "signed_on": loan.signed_on,
            "due_on": loan.due_on,
            "rate_per_year_pct": loan.rate,
            "disbursed_vnd": loan.disbursed,
            "repaid_vnd": loan.repaid,
            "written_off_vnd": loan.written_off,
            "outstanding_vnd": loan.outstanding,
            "overdue_vnd": overdue,
            "debt_group": loan.group,
            "security_kind": loan.security,
        }


def _tax_code(org_code: str) -> str:
    """A tax code with a correct check digit that no tax office issues: their codes do not begin with 99."""
    prefix, place, number = org_code.split("-")
    first = 0 if prefix == "HTX" else 4
    for serial in (f"{first}{number[-4:]}", f"{first + 1}{number[-4:]}"):
        for digit in "0123456789":
            if is_tax_code(code := f"99{place}{serial}{digit}"):
                return code
    raise ValueError(f"{org_code}: no check digit")
