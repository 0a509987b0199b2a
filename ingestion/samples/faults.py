"""Planted faults: where a sample departs from the truth, and what must be found there.

Each in-workbook fault is a row of :data:`RECIPES`: an id, the rule that must find it, and a function that says
which cells of a true report to change. Here belongs what goes wrong and where; how a cell is written is
:mod:`.workbooks`' business and how a sentence reads :mod:`.articles`'. Handed on: a :class:`Plan` with every
file to send, every wrong figure the press prints, and every fault for ``truth.json``.

Faults keep out of each other's way: no two touch the same province and month. A sample too small for all of them
(fewer than about sixteen provinces, or months before it) holds those that found a place, in the order of the list.
They leave the national sums of accepted data as they are, so that no rule that blocks a release fires; a rule that
for this or another reason has no planted fault says so in its entry (``not_planted`` in ``expectations/rules``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from ingestion.forms.definition import load_forms
from ingestion.samples import periodic
from ingestion.samples.country import LEAVES, Country, Report, Row, Value
from ingestion.samples.workbooks import Edit, RawText, Submission, address, file_name, header_address, style_of
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


def news_provinces(country: Country, period: Period, number: int = 6) -> tuple[str, ...]:
    """Codes of the provinces whose portal news cover ``period``."""
    codes = [place.code for place in country.places]
    return tuple(sorted(country.rng("news", period.code).sample(codes, min(number, len(codes)))))


def clean_plan(country: Country, longer: int = 0) -> Plan:
    """One first revision per province and month, mostly in time, some late; nothing wrong in it.

    ``longer`` provinces also report for the quarter, half-year and year that ended last.
    """
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
    return Plan(submissions + periodic.submissions(country, longer))


def faulty_plan(country: Country, longer: int = 0) -> Plan:
    """:func:`clean_plan` with every fault that finds a place in this sample."""
    return _Planter(country, longer).plant()


Maker = Callable[[Report], list[Edit] | None]


@dataclass(frozen=True)
class Recipe:
    """How to plant one kind of fault in a workbook; ``make`` returns None where the report has no place for it."""

    id: str
    rule_id: str | None
    make: Maker
    note: str
    #: Which month; or which of the longer reports.
    when: Literal["first", "before_last", "last", "any", "quarter", "half_year", "year"] = "last"
    #: The rule needs a past: no place in a sample of fewer months.
    months: int = 1
    #: The file arrives so many days later than it would have.
    late_days: int = 0
    consequence: str = "flagged"
    revision: int = 1
    also: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    #: The anomaly appears with the report of the month after.
    found_a_month_later: bool = False


def _index(report: Report, form: str, fits: Callable[[Row], bool]) -> int | None:
    return next((i for i, row in enumerate(report.rows[form]) if fits(row)), None)


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


def _member_unborn(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_03", lambda r: r["birth_year"] is not None)
    return None if row is None else [Edit("set", "BIEU_03", "birth_year", row, report.period.end.year + 1)]


def _one_row(form: str, columns: Sequence[str], by: int) -> Maker:
    """The first row of ``form``, the same difference in all ``columns``."""

    def make(report: Report) -> list[Edit] | None:
        if not report.rows[form] or any(report.rows[form][0][column] is None for column in columns):
            return None
        return [_plus(report, form, 0, column, by) for column in columns]

    return make


def _counts(org_type: str, sectors: Sequence[str], column: str, by: int) -> Maker:
    def make(report: Report) -> list[Edit] | None:
        rows = [
            _index(report, "BIEU_01", lambda r, s=sector: r["org_type"] == org_type and r["sector"] == s)  # type: ignore[misc]
            for sector in sectors
        ]
        return [_plus(report, "BIEU_01", row, column, by) for row in rows if row is not None]

    return make


def _groups_off(by: int, *columns: str) -> Maker:
    return lambda report: _group_rows(report, by, columns)


def _members_in_another_unit(report: Report) -> list[Edit] | None:
    """Ten times the members of agricultural groups; the total row goes with it."""
    row = _index(report, "BIEU_01", lambda r: r["org_type"] == "THT" and r["sector"] == "agriculture")
    members = None if row is None else report.rows["BIEU_01"][row]["member_count"]
    # A slip of small numbers is within their chance.
    return _group_rows(report, 9 * members, ("member_count",)) if isinstance(members, int) and members > 100 else None


def _members_doubled(report: Report) -> list[Edit] | None:
    members = report.count("THT", "agriculture", "member_count")
    return _group_rows(report, members, ("member_count",)) if members > 100 else None


#: Too few figures of two digits say nothing about how they end.
_FIGURES_TO_ROUND = 24


def _rounded_to_tens(report: Report) -> list[Edit] | None:
    """Members and workers of every sector end in 0; groups and totals are the sums of what stands there."""
    edits: list[Edit] = []
    figures = 0
    for column in ("member_count", "worker_count"):
        for org_type in sorted({str(row["org_type"]) for row in report.rows["BIEU_01"]}):
            rounded = {leaf: round(report.count(org_type, leaf, column) / 10) * 10 for leaf in LEAVES}
            figures += sum(report.count(org_type, leaf, column) >= 20 for leaf in LEAVES)
            rounded["non_agriculture"] = sum(rounded[leaf] for leaf in LEAVES[1:])
            rounded["total"] = rounded["non_agriculture"] + rounded["agriculture"]
            edits += [
                Edit("set", "BIEU_01", column, at, rounded[str(row["sector"])])
                for at, row in enumerate(report.rows["BIEU_01"])
                if row["org_type"] == org_type and row[column] != rounded[str(row["sector"])]
            ]
    return edits if figures >= _FIGURES_TO_ROUND else None


def _dissolved_after_the_month(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_02", lambda r: r["event_kind"] == "dissolved")
    return None if row is None else [Edit("set", "BIEU_02", "event_on", row, report.period.end + timedelta(days=1))]


def _state_without_event(report: Report) -> list[Edit] | None:
    """One that stands still, and did before, for the month brought no event, is written down as operating."""
    before = report.period.start - timedelta(days=31)
    row = _index(
        report,
        "BIEU_02",
        lambda r: (
            r["status"] == "stopped"
            and r["event_kind"] is None
            and isinstance(r["founded_on"], date)
            and r["founded_on"] < before
        ),
    )
    return None if row is None else [Edit("set", "BIEU_02", "status", row, "operating")]


def _loan_in_another_group(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_04B", lambda r: r["outstanding_vnd"] != 0 and r["debt_group"] == 1)
    return None if row is None else [Edit("set", "BIEU_04B", "debt_group", row, 3)]


def _own_capital_too_small(report: Report) -> list[Edit] | None:
    """A tenth of the project; the floor of a fifth is for loans signed since it was set."""
    row = _index(report, "BIEU_04B", lambda r: isinstance(r["signed_on"], date) and r["signed_on"] >= date(2021, 6, 1))
    if row is None:
        return None
    cost = int(str(report.rows["BIEU_04B"][row]["project_cost_vnd"]))
    return [Edit("set", "BIEU_04B", "own_capital_vnd", row, cost // 10 // _MILLION * _MILLION)]


def _more_women_than_people(report: Report) -> list[Edit] | None:
    row = report.rows["BIEU_06"][0]
    return [Edit("set", "BIEU_06", "female_count", 0, int(str(row["participant_count"])) + 1)]


def _left_before_it_came(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_07C", lambda r: isinstance(r["started_on"], date))
    started = None if row is None else report.rows["BIEU_07C"][row]["started_on"]
    if row is None or not isinstance(started, date):
        return None
    return [Edit("set", "BIEU_07C", "ended_on", row, started - timedelta(days=365))]


def _done_without_a_day(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_09", lambda r: r["task_status"] == "in_progress")
    return None if row is None else [Edit("set", "BIEU_09", "task_status", row, "done")]


def _attainment_turned_around(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_10", lambda r: r["stated_attainment_pct"] not in (None, Decimal(0)))
    return None if row is None else [Edit("set", "BIEU_10", "stated_attainment_pct", row, Decimal(57))]


def _actual_of_another_count(report: Report) -> list[Edit] | None:
    row = _index(report, "BIEU_10", lambda r: r["indicator"] == "founded" and r["org_type"] == "HTX")
    told = report.count("HTX", "total", "founded_count") + 3
    return None if row is None else [Edit("set", "BIEU_10", "stated_actual", row, Decimal(told))]


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
    Recipe(
        "total-broken-revision",
        "stock_split.total",
        _counts("THT", ("total",), "worker_count", 1),
        "Lần gửi 2 có tổng lao động THT hơn các lĩnh vực một người: bị giữ lại, lần 1 còn hiệu lực",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "group-broken-revision",
        "stock_split.non_agriculture",
        _counts("THT", ("non_agriculture", "total"), "member_count", 10),
        "Lần gửi 2 có thành viên THT phi nông nghiệp hơn các lĩnh vực của nó: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "status-broken-revision",
        "stock_split.status",
        _groups_off(4, "operating_count"),
        "Lần gửi 2 có THT đang hoạt động cộng ngừng hoạt động khác số cuối kỳ: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "fund-balance-broken-revision",
        "fund.balance",
        _one_row("BIEU_04A", ("repaid_vnd",), 2 * _MILLION),
        "Lần gửi 2 có thu nợ của quỹ hơn 2 triệu đồng: dư nợ không cân, bị giữ lại, lần 1 còn hiệu lực",
        when="before_last",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "fund-groups-broken-revision",
        "fund.groups",
        _one_row("BIEU_04A", ("debt_group_1_vnd",), 50 * _MILLION),
        "Lần gửi 2 có năm nhóm nợ cộng lại khác dư nợ: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last",
        consequence="held",
        revision=2,
    ),
    Recipe(
        "fund-opening-shifted",
        "fund.opening",
        _one_row("BIEU_04A", ("opening_outstanding_vnd", "repaid_vnd"), 20 * _MILLION),
        "Dư nợ đầu kỳ của quỹ khác dư nợ cuối tháng trước; các số trong kỳ vẫn cân",
        months=2,
    ),
    Recipe(
        "loan-in-another-group",
        "fund.loan_groups",
        _loan_in_another_group,
        "Một khoản vay ghi nhóm nợ khác nhóm quỹ đã tính",
        when="before_last",
    ),
    Recipe(
        "own-capital-too-small",
        "fund.own_capital",
        _own_capital_too_small,
        "Vốn tự có bằng một phần mười dự án (Nghị định 45/2021/NĐ-CP)",
        when="before_last",
    ),
    Recipe(
        "dissolved-after-the-month",
        "life_cycle.dates",
        _dissolved_after_the_month,
        "Ngày giải thể sau ngày cuối kỳ",
        when="any",
    ),
    Recipe(
        "stopped-without-event",
        "life_cycle.skipped",
        _state_without_event,
        "Tổ chức đang ngừng hoạt động ghi là đang hoạt động mà không có biến động",
        months=2,
    ),
    Recipe(
        "report-late",
        "compliance.on_time",
        lambda _: [],
        "Báo cáo đến muộn hơn một tháng",
        when="before_last",
        late_days=31,
    ),
    Recipe(
        "figures-rounded",
        "plausibility.heaping",
        _rounded_to_tens,
        "Mọi số thành viên, lao động đều tròn chục",
    ),
    Recipe(
        "members-times-ten",
        "plausibility.unit_slip",
        _members_in_another_unit,
        "Số thành viên THT nông nghiệp gấp mười mọi tháng trước",
        months=7,
        also=("plausibility.jump",),
    ),
    Recipe(
        "members-doubled",
        "plausibility.jump",
        _members_doubled,
        "Số thành viên THT nông nghiệp gấp đôi trong một tháng",
        months=7,
    ),
    Recipe(
        "more-women-than-people",
        "list.part",
        _more_women_than_people,
        "Lớp học có số nữ nhiều hơn số học viên",
        when="quarter",
    ),
    Recipe(
        "expert-left-before-coming",
        "list.order",
        _left_before_it_came,
        "Chuyên gia kết thúc công việc trước ngày bắt đầu một năm (gõ nhầm năm)",
        when="year",
    ),
    Recipe(
        "task-done-without-day",
        "list.state",
        _done_without_a_day,
        "Nhiệm vụ ghi hoàn thành nhưng không có ngày hoàn thành",
        when="quarter",
    ),
    Recipe(
        "attainment-turned-around",
        "plan.attainment",
        _attainment_turned_around,
        "Tỷ lệ thực hiện không bằng số thực hiện chia chỉ tiêu",
        when="year",
    ),
    Recipe(
        "actual-of-another-count",
        "plan.actual",
        _actual_of_another_count,
        "Số HTX thành lập mới ở Biểu 10 nhiều hơn Biểu 01 của cùng kỳ ba đơn vị",
        when="half_year",
    ),
    Recipe(
        "quarter-not-sum-of-months",
        "additivity.flows",
        _groups_off(1, "founded_count", "converted_out_count"),
        "THT thành lập mới và chuyển đi trong quý nhiều hơn tổng các tháng một đơn vị",
        when="quarter",
        months=5,
    ),
    Recipe(
        "quarter-ends-otherwise",
        "additivity.closing",
        _groups_off(10, "opening_count", "closing_count", "operating_count"),
        "THT đầu quý và cuối quý cùng lệch so với tháng đầu và tháng cuối quý",
        when="quarter",
        months=5,
        also=("additivity.opening",),
    ),
)


class _Planter:
    def __init__(self, country: Country, longer: int) -> None:
        self.country = country
        self.plan = clean_plan(country, longer)
        self.senders = {place.code for place in periodic.senders(country, longer)}
        self.taken: set[tuple[str, str]] = set()
        self._reports: Callable[[str], list[Report]] = cache(country.reports)
        self._longer: Callable[[str], list[Report]] = cache(
            lambda code: periodic.reports(country, country.place(code), self._reports(code))
        )

    def plant(self) -> Plan:
        for recipe in RECIPES:
            self._plant_in_workbook(recipe)
        self._plant_files()
        self._plant_news()
        return self.plan

    def _periods(self, recipe: Recipe) -> Iterable[Period]:
        periods = self.country.periods
        if recipe.when in periodic.KINDS:
            return [p for p in periodic.last_ended() if p.type == recipe.when]
        if recipe.when == "last":
            return periods[-1:]
        if recipe.when == "any":
            return tuple(reversed(periods))
        if len(periods) < 2:
            return ()
        return periods[:1] if recipe.when == "first" else periods[-2:-1]

    def _candidates(self, recipe: Recipe) -> Iterable[tuple[str, Period]]:
        """Untouched provinces first; then, in small samples, provinces with faults in other months only."""
        if len(self.country.periods) < recipe.months:
            return
        longer = recipe.when in periodic.KINDS
        codes = [place.code for place in self.country.places if not longer or place.code in self.senders]
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
            months = self.country.periods
            found_in = months[months.index(period) + 1] if recipe.found_a_month_later else period
            if (code, found_in.code) in self.taken:
                continue
            report = self._report(code, period)
            edits = recipe.make(report)
            if edits is None or not (edits or recipe.late_days):
                continue
            # A longer report is held against the counts of its months: those of its sender stay as they are.
            if code in self.senders and period in months and any(edit.form == "BIEU_01" for edit in edits):
                continue
            self.taken |= {(code, period.code), (code, found_in.code)}
            name = self._submit(recipe, report, tuple(edits))
            self.plan.faults.append(self._fault(recipe, report, edits, name, found_in))
            return

    def _report(self, code: str, period: Period) -> Report:
        months = self.country.periods
        reports = self._reports(code) if period in months else self._longer(code)
        return next(report for report in reports if report.period == period)

    def _submit(self, recipe: Recipe, report: Report, edits: tuple[Edit, ...]) -> str:
        code, period = report.place.code, report.period.code
        at = self._position(code, period)
        first = self.plan.submissions[at]
        if recipe.revision == 1:
            received = first.received_at + timedelta(days=recipe.late_days)
            self.plan.submissions[at] = replace(first, edits=edits, received_at=received)
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

    def _fault(self, recipe: Recipe, report: Report, edits: list[Edit], name: str, found_in: Period) -> Fault:
        told = Fault(
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
        )
        if not edits:
            return told
        form = load_forms()[edits[0].form]
        style = style_of(self.country, report.place)
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
        return replace(
            told,
            form=form.code,
            sheet=style.sheet_names[form.code],
            cell=main["cell"],
            row=main["row"],
            column=main["column"],
            was=main["was"],
            is_=main["is"],
            edits=tuple(described),
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
