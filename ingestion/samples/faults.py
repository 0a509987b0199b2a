"""Planted faults: where a sample departs from the truth, and what must be found there.

Each in-workbook fault is a row of :data:`RECIPES` or :data:`LONGER_RECIPES`: an id, the rule that must find it, and a
function that says which cells of a true report to change. Here belongs what goes wrong and where; how a cell is written
is :mod:`.workbooks`' business and how a sentence reads :mod:`.articles`'. Handed on: a :class:`Plan` with every file to
send, every wrong figure the press prints, and every fault for ``truth.json``.

Faults keep out of each other's way: no two touch the same province and month. A sample too small for all of them
(fewer than about sixteen provinces or three months) holds those that found a place, in the order of the list.
They leave the national sums of accepted data as they are, so that no rule that blocks a release fires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast

from ingestion.samples.country import Country, Report, Row, Value
from ingestion.samples.workbooks import Edit, RawText, Submission, address, header_address, style_of
from ingestion.submissions.forms import load_forms
from ingestion.vietnamese.periods import Period

#: Stands for "the intake refuses it": such faults are found in ``raw.rejects``, not by a residual.
INTAKE = "intake.reject"
#: Half-years that lie before any sample, for articles whose own figures do not reconcile.
REGION_HALF_YEAR = "2019-H1"
SECTOR_HALF_YEAR = "2017-H1"
REVIEW_HALF_YEAR = "2018-H1"
_MILLION = 1_000_000


@dataclass(frozen=True)
class Fault:
    """One planted fault, as it stands in ``truth.json``.

    ``rule_id`` is the rule that must find it (None where nothing may be found), ``also`` the rules that fire of
    necessity with it, ``not_comparable`` those whose listed side is lost with a refused sheet. ``period`` and
    ``province_code`` say where the anomaly appears; ``file_period`` which file holds the fault. ``url`` is the
    page's path below the portal's address.
    """

    id: str
    rule_id: str | None
    consequence: str
    period: str | None
    province_code: str | None
    note: str
    also: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    file: str | None = None
    file_period: str | None = None
    url: str | None = None
    form: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    was: str | int | None = None
    is_: str | int | None = None
    edits: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fault with ``is`` under its name in ``truth.json``."""
        data = asdict(self)
        data["is"] = data.pop("is_")
        return data


@dataclass(frozen=True)
class ExtraFile:
    """A file in the inbox that is no workbook of its own: bytes made from another file's, or from nothing."""

    name: str
    kind: Literal["copy", "truncated", "no_workbook"]
    of: str | None
    received_at: datetime


@dataclass(frozen=True)
class NewsError:
    """A provincial article prints ``metric`` off by ``by``."""

    province_code: str
    period: str
    metric: Literal["founded", "dissolved", "operating"]
    by: int


@dataclass
class Plan:
    """Everything a sample consists of besides the truth itself."""

    submissions: list[Submission]
    extras: list[ExtraFile] = field(default_factory=list)
    news: list[NewsError] = field(default_factory=list)
    region_missing: bool = False
    sector_mismatch: bool = False
    review_wrong: bool = False
    faults: list[Fault] = field(default_factory=list)


def file_name(province_code: str, period: str, revision: int) -> str:
    """``LMHTX-46-2021-11-L1.xlsx``"""
    return f"LMHTX-{province_code}-{period}-L{revision}.xlsx"


def news_provinces(country: Country, period: Period, number: int = 6) -> tuple[str, ...]:
    """Codes of the provinces whose portal news cover ``period``."""
    codes = [place.code for place in country.places]
    return tuple(sorted(country.rng("news", period.code).sample(codes, min(number, len(codes)))))


def clean_plan(country: Country) -> Plan:
    """One first revision per province and month, mostly in time, some late; nothing wrong in it."""
    submissions = []
    for place in country.places:
        for period in country.periods:
            rng = country.rng("received", place.code, period.code)
            late = rng.random() < 0.1
            days = rng.randint(6, 14) if late else rng.randint(1, 5)
            received = datetime.combine(period.end, datetime.min.time()) + timedelta(
                days=days, hours=rng.randint(1, 9), minutes=rng.randint(0, 59), seconds=rng.randint(0, 59)
            )
            name = file_name(place.code, period.code, 1)
            submissions.append(Submission(place.code, period.code, 1, name, received))
    return Plan(submissions)


def faulty_plan(country: Country) -> Plan:
    """:func:`clean_plan` with every fault that finds a place in this sample."""
    return _Planter(country).plant()


Maker = Callable[[Report], list[Edit] | None]


@dataclass(frozen=True)
class Recipe:
    """How to plant one kind of fault in a workbook; ``make`` returns None where the report has no place for it."""

    id: str
    rule_id: str | None
    make: Maker
    note: str
    when: Literal["first", "before_last", "last", "any"] = "last"
    consequence: str = "flagged"
    revision: int = 1
    also: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    #: The anomaly appears with the report of the month after.
    found_a_month_later: bool = False


def _index(report: Report, form: str, fits: Callable[[Row], bool]) -> int | None:
    return next((i for i, row in enumerate(report.rows.get(form, ())) if fits(row)), None)


def _plus(report: Report, form: str, row: int, column: str, by: int) -> Edit:
    value = report.rows[form][row][column]
    if not isinstance(value, int):
        raise TypeError(f"{form} {column} holds {value!r}, no whole number")
    return Edit("set", form, column, row, value + by)


def _group_rows(report: Report, by: int, columns: Sequence[str]) -> list[Edit]:
    """The agricultural THT row and the total above it, so that all splits go on holding."""
    edits: list[Edit] = []
    for sector in ("agriculture", "total"):
        row = _index(report, "BIEU_01", lambda r, s=sector: r["org_type"] == "THT" and r["sector"] == s)  # type: ignore[misc]
        if row is None:
            return []
        edits.extend(_plus(report, "BIEU_01", row, column, by) for column in columns)
    return edits


def _opening_shifted(report: Report) -> list[Edit] | None:
    return _group_rows(report, 7, ("closing_count", "opening_count", "operating_count"))


def _closing_broken(report: Report) -> list[Edit] | None:
    return _group_rows(report, 9, ("closing_count", "operating_count"))


def _groups_corrected(report: Report) -> list[Edit] | None:
    return _group_rows(report, 2, ("founded_count", "closing_count", "operating_count"))


def _founding_not_marked(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_02", lambda r: r["event_kind"] == "founded" and r["org_type"] == "HTX")
    if row is None:
        return None
    earlier = report.period.start - timedelta(days=20)
    changes: dict[str, Value] = {
        "event_kind": None,
        "event_on": None,
        "decision_number": None,
        "founded_on": earlier,
    }
    return [Edit("set", "BIEU_02", column, row, value) for column, value in changes.items()]


def _dissolved_not_listed(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_02", lambda r: r["event_kind"] == "dissolved" and r["org_type"] == "HTX")
    return None if row is None else [Edit("delete", "BIEU_02", "org_code", row)]


def _stock_not_listed(report: Report) -> list[Edit] | None:
    named = {r["borrower_code"] for r in report.rows["BIEU_04B"]} | {r["org_code"] for r in report.rows["BIEU_05B"]}
    row = _index(
        report,
        "BIEU_02",
        lambda r: (
            r["org_type"] == "HTX"
            and r["status"] == "operating"
            and r["event_kind"] is None
            and r["org_code"] not in named
        ),
    )
    return None if row is None else [Edit("delete", "BIEU_02", "org_code", row)]


def _loan_too_large(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_04B", lambda r: r["outstanding_vnd"] != 0)
    if row is None:
        return None
    columns = ("outstanding_vnd", "disbursed_vnd", "principal_vnd")
    return [_plus(report, "BIEU_04B", row, column, 50 * _MILLION) for column in columns]


def _loan_unbalanced(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_04B", lambda r: r["outstanding_vnd"] != 0)
    return None if row is None else [_plus(report, "BIEU_04B", row, "repaid_vnd", 10 * _MILLION)]


def _charter_too_small(report: Report) -> list[Edit] | None:
    charter = 15_000 * _MILLION
    owed: dict[Value, int] = {}
    for loan in report.rows["BIEU_04B"]:
        owed[loan["borrower_code"]] = owed.get(loan["borrower_code"], 0) + int(str(loan["outstanding_vnd"]))
    # A smaller charter capital must not make a borrower too large for it: that is another fault.
    if not report.rows["BIEU_04A"] or max(owed.values(), default=0) * 100 > charter * 15:
        return None
    return [Edit("set", "BIEU_04A", column, 0, charter) for column in ("charter_paid_vnd", "charter_registered_vnd")]


def _fair(column: str, by: int) -> Maker:
    def make(report: Report) -> list[Edit] | None:
        return [_plus(report, "BIEU_05A", 0, column, by)] if report.rows["BIEU_05A"] else None

    return make


def _ambiguous_sales(report: Report) -> list[Edit] | None:
    rows = report.rows["BIEU_05B"]
    return [Edit("set", "BIEU_05B", "sales_vnd", len(rows) // 2, RawText("20,767"))] if rows else None


def _column_renamed(report: Report) -> list[Edit] | None:
    if not report.rows["BIEU_05C"]:
        return None
    return [Edit("rename", "BIEU_05C", "partner_name", value=RawText("Bên mua hàng"))]


def _member_left_out(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_03", lambda r: str(r["org_code"]).startswith("HTX"))
    return None if row is None else [Edit("delete", "BIEU_03", "member_id", row + 2)]


def _more_women_than_participants(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_06", lambda r: r["female_count"] is not None)
    return None if row is None else [_plus(report, "BIEU_06", row, "female_count", 500)]


def _event_ends_before_it_begins(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_07B", lambda r: isinstance(r["started_on"], date))
    if row is None:
        return None
    started = cast("date", report.rows["BIEU_07B"][row]["started_on"])
    return [Edit("set", "BIEU_07B", "ended_on", row, started - timedelta(days=30))]


def _answered_without_a_day(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_12", lambda r: r["answered_on"] is not None)
    return None if row is None else [Edit("set", "BIEU_12", "answered_on", row, None)]


def _attainment_miscalculated(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_10", lambda r: r["stated_attainment_pct"] is not None)
    return None if row is None else [Edit("set", "BIEU_10", "stated_attainment_pct", row, Decimal("87.5"))]


def _member_unborn(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_03", lambda r: r["birth_year"] is not None)
    return None if row is None else [Edit("set", "BIEU_03", "birth_year", row, report.period.end.year + 1)]


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "groups-opening-shifted",
        "stock_continuity.opening",
        _opening_shifted,
        "THT: đầu kỳ và cuối kỳ cùng lệch, đẳng thức vẫn đúng; đầu kỳ tháng sau không khớp",
        when="first",
        found_a_month_later=True,
    ),
    Recipe(
        "founding-not-in-register",
        "register_report.founded",
        _founding_not_marked,
        "HTX thành lập trong kỳ theo BIEU_01 nhưng BIEU_02 không ghi biến động",
        when="before_last",
        also=("life_cycle.unannounced",),
    ),
    Recipe(
        "closing-broken-revision",
        "stock_identity.closing",
        _closing_broken,
        "Lần gửi 2 có số cuối kỳ THT không bằng đầu kỳ cộng trừ biến động: bị giữ lại, lần 1 còn hiệu lực",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "good-revision",
        None,
        _groups_corrected,
        "Lần gửi 2 hợp lệ, chỉ sửa số THT: thay lần 1",
        consequence="supersedes",
        revision=2,
    ),
    Recipe(
        "fair-participants-stated",
        "fair.participants",
        _fair("cooperative_participant_count", 2),
        "Số HTX tham gia nêu ở BIEU_05A lớn hơn danh sách BIEU_05B",
        when="any",
    ),
    Recipe(
        "fair-sales-ambiguous",
        INTAKE,
        _ambiguous_sales,
        "Doanh số ghi 20,767: hai cách đọc, dòng bị giữ lại nên danh sách thiếu một đơn vị",
        when="any",
        consequence="row_rejected",
        also=("fair.participants", "fair.booths"),
    ),
    Recipe(
        "contracts-column-renamed",
        INTAKE,
        _column_renamed,
        "Cột Đối tác đổi tên: cả trang BIEU_05C bị giữ lại",
        when="any",
        consequence="sheet_rejected",
        not_comparable=("fair.contracts", "fair.contract_value"),
    ),
    Recipe(
        "loan-not-in-position",
        "fund.loans_outstanding",
        _loan_too_large,
        "Tổng dư nợ các khoản vay lớn hơn dư nợ của quỹ; từng khoản vẫn cân",
        also=("fund.loan_groups",),
    ),
    Recipe(
        "member-left-out",
        "membership.listed",
        _member_left_out,
        "Danh sách thành viên thiếu một người so với số đã nêu",
    ),
    Recipe(
        "charter-below-floor",
        "fund.charter_floor",
        _charter_too_small,
        "Vốn điều lệ 15 tỷ đồng, dưới mức 20 tỷ (Nghị định 45/2021/NĐ-CP, Điều 37)",
        when="before_last",
    ),
    Recipe(
        "loan-unbalanced",
        "fund.loan_balance",
        _loan_unbalanced,
        "Một khoản vay: giải ngân trừ thu nợ, xóa nợ không bằng dư nợ",
        when="before_last",
    ),
    Recipe(
        "member-unborn",
        "membership.dates",
        _member_unborn,
        "Năm sinh sau ngày vào HTX",
    ),
    Recipe(
        "dissolution-not-in-register",
        "register_report.dissolved",
        _dissolved_not_listed,
        "HTX giải thể trong kỳ theo BIEU_01 nhưng không có trong BIEU_02",
        when="before_last",
        also=("life_cycle.vanished",),
    ),
    Recipe(
        "cooperative-not-in-register",
        "register_report.stock",
        _stock_not_listed,
        "Danh sách BIEU_02 thiếu một HTX đang hoạt động",
        also=("life_cycle.vanished",),
    ),
    Recipe(
        "fair-booths-stated",
        "fair.booths",
        _fair("booth_count", 3),
        "Số gian hàng nêu ở BIEU_05A lớn hơn tổng gian hàng của các đơn vị",
        when="any",
    ),
    Recipe(
        "fair-contracts-stated",
        "fair.contracts",
        _fair("contract_count", 1),
        "Số hợp đồng nêu ở BIEU_05A lớn hơn danh sách BIEU_05C",
        when="any",
    ),
    Recipe(
        "fair-value-stated",
        "fair.contract_value",
        _fair("contract_value_vnd", 100 * _MILLION),
        "Giá trị hợp đồng nêu ở BIEU_05A lớn hơn tổng giá trị các hợp đồng",
        when="any",
    ),
)


#: Faults of the forms of longer periods; each is planted in the first longer report that has a place for it.
LONGER_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "more-women-than-participants",
        "list.part",
        _more_women_than_participants,
        "Số học viên nữ ở BIEU_06 lớn hơn số học viên",
    ),
    Recipe(
        "event-ends-before-it-begins",
        "list.order",
        _event_ends_before_it_begins,
        "Ngày kết thúc của đoàn ở BIEU_07B trước ngày bắt đầu",
    ),
    Recipe(
        "answered-without-a-day",
        "list.state",
        _answered_without_a_day,
        "Kiến nghị ở BIEU_12 đã trả lời nhưng không ghi ngày trả lời",
    ),
    Recipe(
        "attainment-miscalculated",
        "plan.attainment",
        _attainment_miscalculated,
        "Tỷ lệ thực hiện ở BIEU_10 không bằng số thực hiện chia chỉ tiêu",
    ),
)


def plant_in_longer(
    country: Country, submissions: Sequence[Submission], reports: Mapping[tuple[str, str], Report]
) -> tuple[list[Submission], list[Fault]]:
    """``submissions`` of longer periods with :data:`LONGER_RECIPES` in them; ``reports`` by province and period."""
    planted, faults = list(submissions), []
    for recipe in LONGER_RECIPES:
        for at, submission in enumerate(planted):
            report = reports[submission.province_code, submission.period]
            edits = None if submission.edits else recipe.make(report)
            if edits:
                planted[at] = replace(submission, edits=tuple(edits))
                faults.append(_fault(country, recipe, report, edits, submission.name, report.period))
                break
    return planted, faults


def _fault(
    country: Country, recipe: Recipe, report: Report, edits: Sequence[Edit], name: str, found_in: Period
) -> Fault:
    form = load_forms()[edits[0].form]
    style = style_of(country, report.place)
    described: list[dict[str, Any]] = []
    for edit in edits:
        if edit.kind == "rename":
            cell, row = header_address(form, style, edit.column)
            was: Value | RawText = style.headers[form.code, edit.column]
        else:
            cell, row = address(form, style, edit.row, edit.column)
            was = report.rows[form.code][edit.row][edit.column]
        described.append(
            {
                "kind": edit.kind,
                "cell": cell,
                "row": row,
                "column": edit.column,
                "was": _plain(was),
                "is": _plain(edit.value),
            }
        )
    main = described[0]
    return Fault(
        id=recipe.id,
        rule_id=recipe.rule_id,
        consequence=recipe.consequence,
        period=found_in.code,
        province_code=report.place.code,
        note=recipe.note,
        also=recipe.also,
        not_comparable=recipe.not_comparable,
        file=name,
        file_period=report.period.code,
        form=form.code,
        sheet=style.sheet_names[form.code],
        cell=main["cell"],
        row=main["row"],
        column=main["column"],
        was=main["was"],
        is_=main["is"],
        edits=tuple(described),
    )


class _Planter:
    def __init__(self, country: Country) -> None:
        self.country = country
        self.plan = clean_plan(country)
        self.taken: set[tuple[str, str]] = set()
        self._reports: Callable[[str], list[Report]] = cache(country.reports)

    def plant(self) -> Plan:
        for recipe in RECIPES:
            self._plant_in_workbook(recipe)
        self._plant_files()
        self._plant_news()
        return self.plan

    def _periods(self, recipe: Recipe) -> Iterable[Period]:
        periods = self.country.periods
        if recipe.when == "last":
            return periods[-1:]
        if recipe.when == "any":
            return tuple(reversed(periods))
        if len(periods) < 2:
            return ()
        return periods[:1] if recipe.when == "first" else periods[-2:-1]

    def _candidates(self, recipe: Recipe) -> Iterable[tuple[str, Period]]:
        """Untouched provinces first; then, in small samples, provinces with faults in other months only."""
        codes = [place.code for place in self.country.places]
        self.country.rng("fault", recipe.id).shuffle(codes)
        touched = {code for code, _ in self.taken}
        for fresh in (True, False):
            for period in self._periods(recipe):
                for code in codes:
                    free = code not in touched if fresh else (code, period.code) not in self.taken
                    if free:
                        yield code, period

    def _plant_in_workbook(self, recipe: Recipe) -> None:
        for code, period in self._candidates(recipe):
            place = self.country.periods.index(period)
            found_in = self.country.periods[place + 1] if recipe.found_a_month_later else period
            if (code, found_in.code) in self.taken:
                continue
            report = self._reports(code)[place]
            edits = recipe.make(report)
            if not edits:
                continue
            self.taken |= {(code, period.code), (code, found_in.code)}
            name = self._submit(recipe, report, tuple(edits))
            self.plan.faults.append(_fault(self.country, recipe, report, edits, name, found_in))
            return

    def _submit(self, recipe: Recipe, report: Report, edits: tuple[Edit, ...]) -> str:
        code, period = report.place.code, report.period.code
        at = self._position(code, period)
        first = self.plan.submissions[at]
        if recipe.revision == 1:
            self.plan.submissions[at] = replace(first, edits=edits)
            return first.name
        name = file_name(code, period, recipe.revision)
        received = first.received_at + timedelta(days=4, hours=2)
        self.plan.submissions.append(Submission(code, period, recipe.revision, name, received, edits))
        return name

    def _position(self, code: str, period: str) -> int:
        return next(
            i
            for i, s in enumerate(self.plan.submissions)
            if (s.province_code, s.period, s.revision) == (code, period, 1)
        )

    def _plant_files(self) -> None:
        """A second copy, a truncated workbook and a file that is none."""
        last = self.country.periods[-1]
        originals = [s for s in self.plan.submissions if s.period == last.code and s.revision == 1]
        untouched = [s for s in originals if (s.province_code, s.period) not in self.taken] or originals
        copied = untouched[0]
        copy = f"{copied.name.removesuffix('.xlsx')} (1).xlsx"
        self.plan.extras.append(ExtraFile(copy, "copy", copied.name, copied.received_at + timedelta(hours=3)))
        self.plan.faults.append(
            Fault(
                "same-file-twice",
                None,
                "duplicate",
                last.code,
                copied.province_code,
                f"Cùng nội dung với {copied.name}, gửi lần nữa dưới tên khác",
                file=copy,
                file_period=last.code,
            )
        )
        cut = untouched[-1]
        truncated = f"{cut.name.removesuffix('-L1.xlsx')}-ban-tai-ve.xlsx"
        self.plan.extras.append(ExtraFile(truncated, "truncated", cut.name, cut.received_at + timedelta(hours=1)))
        note = "ghi-chu-thang-11.xlsx"
        self.plan.extras.append(ExtraFile(note, "no_workbook", None, cut.received_at + timedelta(hours=2)))
        for fault_id, name, text in (
            ("truncated-workbook", truncated, "Tệp bị cắt cụt khi tải về"),
            ("no-workbook", note, "Tệp văn bản mang đuôi .xlsx"),
        ):
            self.plan.faults.append(Fault(fault_id, INTAKE, "file_rejected", None, None, text, file=name))

    def _plant_news(self) -> None:
        last = self.country.periods[-1]
        # No recipe changes what BIEU_01 says of cooperatives, so a province with another fault serves as well.
        codes = sorted(news_provinces(self.country, last), key=lambda code: (code, last.code) in self.taken)
        metrics: tuple[tuple[Literal["founded", "dissolved", "operating"], int], ...] = (
            ("founded", 2),
            ("operating", 30),
            ("dissolved", 1),
        )
        self.plan.news = [
            NewsError(code, last.code, metric, by) for code, (metric, by) in zip(codes, metrics, strict=False)
        ]
        self.plan.region_missing = True
        self.plan.sector_mismatch = True
        self.plan.review_wrong = True


def _plain(value: Value | RawText) -> str | int | None:
    if isinstance(value, RawText):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
