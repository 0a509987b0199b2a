"""The catalogue of faults: every kind that a sample plants in workbooks, or the score of the audit in the raw zone.

A :class:`Recipe` names the rule that must find the fault, and the change of a statement that plants it. ``htx sample
--faults`` plants each recipe that has a ``sample`` once (:mod:`.faults`); ``make audit-score`` plants each in all its
``sizes``. ``also`` names the rules that necessarily fail with it.

A change alters a statement (or what else is sent or printed) and returns True, or False where it is not applicable.
A size is ``+7``, ``+20m`` (million đồng), ``x10``, ``/2``, ``=57``, ``swap`` (two neighbouring digits), or a plain
number, which each change describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from ingestion.samples.country import LEAVES, ORG_TYPES, Row
from ingestion.samples.workbooks import Edit, RawText
from ingestion.samples.world import Claim, Statement, World, whole
from ingestion.vietnamese.periods import Period

Change = Callable[[World, Statement, str], bool]
Consequence = Literal["flagged", "held", "supersedes", "row_rejected", "sheet_rejected"]
Number = TypeVar("Number", int, Decimal)

MILLION = 1_000_000
#: In place of a rule id: the intake rejects the fault, so it is in ``raw.rejects`` and not in a residual.
INTAKE = "intake.reject"
SIZES = ("+1", "+10", "swap", "x10", "x1000")
MONEY = ("+2m", "+50m", "x10", "x1000")
BIG = ("x10", "x100", "x1000")
#: Fewer members may double or halve by chance.
MANY_MEMBERS = 101
#: Fewer figures of two digits do not show rounding.
FIGURES_TO_ROUND = 24


@dataclass(frozen=True)
class InSample:
    """How a sample plants a recipe once; ``note`` describes it in ``truth.json``, in Vietnamese."""

    size: str
    note: str
    #: Which month; or which of the longer reports.
    when: Literal["first", "before_last", "last", "any", "quarter", "half_year", "year"] = "last"
    #: The rule needs a history: not planted in a sample of fewer months.
    months: int = 1
    consequence: Consequence = "flagged"
    also: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    #: The anomaly is one of the report of the next month.
    found_a_month_later: bool = False

    @property
    def revision(self) -> int:
        """A statement that is held or supersedes is a second revision; all others are wrong in the first."""
        return 2 if self.consequence in {"held", "supersedes"} else 1


@dataclass(frozen=True)
class Recipe:
    """One kind of fault; ``rule_id`` is None where no rule may fail.

    ``kind``: ``held`` and ``copied`` also affect the following month, ``long`` is for quarters, half-years and years,
    ``country`` and ``news`` change what the press prints. ``history``: the number of months needed before it.
    """

    id: str
    rule_id: str | None
    change: Change
    sizes: Sequence[str] = ("1",)
    kind: Literal["month", "held", "copied", "long", "country", "news"] = "month"
    history: int = 1
    sample: InSample | None = None


def off(value: Number, size: str) -> Number:
    """``value`` changed by ``size``."""
    kind, text = size[0], size[1:]
    if size == "swap":
        digits = str(value)
        at = next((i for i in range(len(digits) - 1) if digits[i] != digits[i + 1]), None)
        return value if at is None else type(value)(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
    if kind == "x":
        return value * int(text)
    if kind == "/":
        return value // int(text)
    amount = type(value)(int(text[:-1]) * MILLION) if text.endswith("m") else type(value)(text)
    return amount if kind == "=" else value + amount


# -- figures ---------------------------------------------------------------------------------------------------


def _put_off(row: Row, columns: Sequence[str], size: str) -> int:
    """The first column off by ``size``, the others by as much; returns by how much, 0 if nothing can be changed."""
    before = row[columns[0]]
    by = off(before, size) - before if isinstance(before, int) else 0
    _add([row], columns, by)
    return by


def _add(rows: Iterable[Row], columns: Sequence[str], by: int) -> None:
    for row in rows:
        row.update({column: whole(row[column]) + by for column in columns if by})


def counts(*columns: str, rows: str = "THT", parts: Sequence[str] = ("agriculture", "total"), least: int = 0) -> Change:
    """Figures of BIEU_01 in a sector and in what it adds up to, so that all other sums still hold."""

    def change(_: World, s: Statement, size: str) -> bool:
        lines = [s.count(rows, part) for part in parts]
        by = _put_off(lines[0], columns, size) if whole(lines[0][columns[0]]) >= least else 0
        _add(lines[1:], columns, by)
        return by != 0

    return change


def figures(form: str, *columns: str, where: Callable[[Row], bool] = lambda _: True) -> Change:
    """Figures of the first row in which ``size`` makes a difference."""

    def change(_: World, s: Statement, size: str) -> bool:
        return any(_put_off(row, columns, size) for row in s.rows.get(form, []) if where(row))

    return change


def _is_owed(row: Row) -> bool:
    return row["outstanding_vnd"] != 0


def rounded_to_tens(_: World, s: Statement, __: str) -> bool:
    """Members and workers of every sector end in 0; groups and totals are the sums of what stands there."""
    stated = 0
    for column in ("member_count", "worker_count"):
        for org_type in ORG_TYPES:
            leaves = {leaf: s.count(org_type, leaf) for leaf in LEAVES}
            stated += sum(whole(row[column]) >= 20 for row in leaves.values())
            for row in leaves.values():
                row[column] = round(whole(row[column]) / 10) * 10
            others = sum(whole(leaves[leaf][column]) for leaf in LEAVES[1:])
            s.count(org_type, "non_agriculture")[column] = others
            s.count(org_type, "total")[column] = others + whole(leaves["agriculture"][column])
    return stated >= FIGURES_TO_ROUND


# -- register and members --------------------------------------------------------------------------------------


def _register(s: Statement, event: str | None, status: str | None = None) -> list[Row]:
    """Cooperatives on the register with this event and status that no loan and no fair refers to."""
    named = {r["borrower_code"] for r in s.rows["BIEU_04B"]} | {r["org_code"] for r in s.rows["BIEU_05B"]}
    return [
        row
        for row in s.rows["BIEU_02"]
        if (row["org_type"], row["event_kind"]) == ("HTX", event)
        and (status is None or (row["status"] == status and row["org_code"] not in named))
    ]


def founding_not_marked(_: World, s: Statement, size: str) -> bool:
    found = _register(s, "founded")[: int(size)]
    earlier = Period(s.period).start - timedelta(days=20)
    for row in found:
        row.update(event_kind=None, event_on=None, decision_number=None, founded_on=earlier)
    return len(found) == int(size)


def left_out(event: str | None, status: str | None = None) -> Change:
    """``size`` cooperatives are missing from the register."""

    def change(_: World, s: Statement, size: str) -> bool:
        found = _register(s, event, status)[: int(size)]
        s.rows["BIEU_02"] = [row for row in s.rows["BIEU_02"] if not any(row is gone for gone in found)]
        return len(found) == int(size)

    return change


def returned(world: World, s: Statement, _: str) -> bool:
    before = world.before(s)
    gone = [r for r in before.rows["BIEU_02"] if r["status"] == "dissolved"] if before else []
    s.rows["BIEU_02"] += [row | {"status": "operating", "event_kind": None, "event_on": None} for row in gone[:1]]
    return bool(gone)


def running_without_event(_: World, s: Statement, size: str) -> bool:
    """``size`` cooperatives that were stopped before and have no event in the month are listed as operating."""
    before = Period(s.period).start - timedelta(days=31)
    found = [
        r
        for r in s.rows["BIEU_02"]
        if (r["status"], r["event_kind"]) == ("stopped", None)
        and isinstance(r["founded_on"], date)
        and r["founded_on"] < before
    ][: int(size)]
    for row in found:
        row["status"] = "operating"
    return len(found) == int(size)


def dissolved_after_the_month(_: World, s: Statement, size: str) -> bool:
    for row in s.rows["BIEU_02"]:
        if row["event_kind"] == "dissolved":
            row["event_on"] = Period(s.period).end + timedelta(days=int(size))
            return True
    return False


def members_left_out(_: World, s: Statement, size: str) -> bool:
    """``size`` members of one cooperative, from its third on, are missing from the list."""
    rows = s.rows["BIEU_03"]
    first = next((at for at, row in enumerate(rows) if str(row["org_code"]).startswith("HTX")), len(rows))
    gone = rows[first + 2 : first + 2 + int(size)]
    s.rows["BIEU_03"] = rows[: first + 2] + rows[first + 2 + len(gone) :]
    return len(gone) == int(size) and {row["org_code"] for row in gone} == {rows[first]["org_code"]}


def member_dates(_: World, s: Statement, size: str) -> bool:
    for row in s.rows["BIEU_03"]:
        joined = row["joined_on"]
        if row["birth_year"] is not None and isinstance(joined, date):
            changed: Row = {"birth_year": Period(s.period).end.year + 1}
            row.update(changed if size == "unborn" else {"left_on": joined - timedelta(days=1)})
            return True
    return False


# -- funds -----------------------------------------------------------------------------------------------------


def charter_below_floor(_: World, s: Statement, size: str) -> bool:
    """``size`` million of charter capital, where no borrower is then too large for it: that is another fault."""
    charter = int(size) * MILLION
    owed: dict[object, int] = {}
    for loan in s.rows["BIEU_04B"]:
        owed[loan["borrower_code"]] = owed.get(loan["borrower_code"], 0) + whole(loan["outstanding_vnd"])
    if max(owed.values(), default=0) * 100 > charter * 15:
        return False
    for row in s.rows["BIEU_04A"][:1]:
        row.update(charter_paid_vnd=charter, charter_registered_vnd=charter)
    return bool(s.rows["BIEU_04A"])


def loan_in_another_group(_: World, s: Statement, __: str) -> bool:
    for row in s.rows["BIEU_04B"]:
        if row["outstanding_vnd"] != 0 and row["debt_group"] == 1:
            row["debt_group"] = 3
            return True
    return False


def own_capital(_: World, s: Statement, size: str) -> bool:
    """``size`` percent of the project; the floor of a fifth is for loans signed since it was set."""
    for row in s.rows["BIEU_04B"]:
        if isinstance(row["signed_on"], date) and row["signed_on"] >= date(2021, 6, 1):
            row["own_capital_vnd"] = whole(row["project_cost_vnd"]) * int(size) // 100 // MILLION * MILLION
            return True
    return False


def one_borrower(_: World, s: Statement, __: str) -> bool:
    """All loans of a fund have the same borrower."""
    for fund in sorted(s.rows["BIEU_04A"], key=lambda row: str(row["fund_code"])):
        loans = [row for row in s.rows["BIEU_04B"] if row["fund_code"] == fund["fund_code"]]
        if sum(whole(row["outstanding_vnd"]) for row in loans) * 100 > whole(fund["charter_paid_vnd"]) * 16:
            for row in loans:
                row["borrower_code"] = loans[0]["borrower_code"]
            return True
    return False


# -- longer forms ----------------------------------------------------------------------------------------------


def larger_than_whole(form: str, part: str, of: str) -> Change:
    """A part of a row, larger than its whole by ``size``."""

    def change(_: World, s: Statement, size: str) -> bool:
        for row in s.rows.get(form, []):
            if row[part] is not None and row[of]:
                row[part] = off(whole(row[of]), size)
                return True
        return False

    return change


def turned_around(form: str, first: str, second: str) -> Change:
    """The later day of a row lies ``size`` days before the earlier one."""

    def change(_: World, s: Statement, size: str) -> bool:
        for row in s.rows.get(form, []):
            start = row[first]
            if isinstance(start, date) and row[second] is not None:
                row[second] = start - timedelta(days=int(size))
                return True
        return False

    return change


def done_without_day(form: str, status: str, done: str) -> Change:
    """A row in progress is changed to completed, without the day of completion."""

    def change(_: World, s: Statement, __: str) -> bool:
        for row in s.rows.get(form, []):
            if row[status] == "in_progress":
                row[status] = done
                return True
        return False

    return change


def attainment(_: World, s: Statement, size: str) -> bool:
    """An attainment that is not the actual over the target."""
    for row in s.rows.get("BIEU_10", []):
        stated = row["stated_attainment_pct"]
        if isinstance(stated, Decimal) and stated:
            row["stated_attainment_pct"] = off(stated, size)
            return True
    return False


def actual(_: World, s: Statement, size: str) -> bool:
    """The cooperatives founded since January, as BIEU_10 states them."""
    founded = whole(s.count("HTX", "total")["founded_count"])
    for row in s.rows.get("BIEU_10", []):
        if (row["indicator"], row["org_type"]) == ("founded", "HTX") and s.period[5:] in ("", "H1", "Q1"):
            row["stated_actual"] = Decimal(off(founded, size))
            return row["stated_actual"] != founded
    return False


# -- submissions and articles ------------------------------------------------------------------------------------


def ambiguous_sales(_: World, s: Statement, __: str) -> bool:
    rows = s.rows["BIEU_05B"]
    s.written += [Edit("set", "BIEU_05B", "sales_vnd", len(rows) // 2, RawText("20,767"))] if rows else []
    return bool(rows)


def column_renamed(_: World, s: Statement, __: str) -> bool:
    rows = s.rows["BIEU_05C"]
    s.written += [Edit("rename", "BIEU_05C", "partner_name", value=RawText("Bên mua hàng"))] if rows else []
    return bool(rows)


def missing(world: World, s: Statement, _: str) -> bool:
    world.statements = [other for other in world.statements if other.place != s.place]
    return True


def late(_: World, s: Statement, size: str) -> bool:
    s.received_at += timedelta(days=int(size) if s.revision == 1 else 0)
    return s.revision == 1


def without_register(_: World, s: Statement, __: str) -> bool:
    # A revision may leave out what it does not change: the register sent before it stays.
    s.rows["BIEU_02"] = [] if s.revision == 1 else s.rows["BIEU_02"]
    return s.revision == 1


def copied(*forms: str) -> Change:
    """Sheets of the month before sent again."""

    def change(world: World, s: Statement, _: str) -> bool:
        before = world.before(s)
        if before is None or not _has_moved(before):
            return False
        for form in forms or tuple(s.rows):
            s.rows[form] = deepcopy(before.rows[form])
        return True

    return change


def another_senders(world: World, s: Statement, _: str) -> bool:
    # A superseded statement is not compared.
    others = [
        other
        for other in world.statements
        if other.period == s.period
        and other.province != s.province
        and other.received_at < s.received_at
        and _has_moved(other)
        and world.at(*other.place) is other
    ]
    if not others or s.revision != 1:
        return False
    s.rows["BIEU_01"] = deepcopy(others[0].rows["BIEU_01"])
    return True


def _has_moved(s: Statement) -> bool:
    return any(row["opening_count"] != row["closing_count"] for row in s.rows["BIEU_01"])


def printed(metric: str, accumulation: str) -> Change:
    """A figure that the press prints: ratios are those of a province, other figures those of the country."""

    def change(world: World, s: Statement, size: str) -> bool:
        found = _printed(world, metric, accumulation, s, s.period)
        before = found.value if found else None
        if found is None or before is None:
            return False
        is_ratio = metric == "bad_debt_ratio"
        found.value = off(before, size) if is_ratio else Decimal(off(int(before), size))
        return found.value not in (before, 0)

    return change


def falls(metric: str) -> Change:
    """A sum since January that is smaller than the month before."""

    def change(world: World, s: Statement, size: str) -> bool:
        found = _printed(world, metric, "ytd", s, s.period)
        earlier = _printed(world, metric, "ytd", s, s.month_before) if s.period[5:] != "01" else None
        if found is None or earlier is None:
            return False
        found.value = earlier.value - int(size)
        return True

    return change


def _printed(world: World, metric: str, accumulation: str, s: Statement, period: str) -> Claim | None:
    province = s.place[0] if metric == "bad_debt_ratio" else None
    wanted = (metric, accumulation, period, "exact", province)
    claims = ((c, (c.metric, c.accumulation, c.period.code, c.qualifier, c.province)) for c in world.claims)
    return next((claim for claim, found in claims if found == wanted), None)


@dataclass(frozen=True)
class Misprint:
    """A figure that an article of a sample prints wrong, so that its figures do not reconcile.

    ``page`` is the article's key; ``period`` says where the anomaly appears.
    """

    id: str
    rule_id: str
    page: str
    period: str | None
    was: str | int
    printed: str | int
    note: str
    also: tuple[str, ...] = ()


SHIFTED = counts("opening_count", "closing_count", "operating_count")

# In the order in which a sample looks for places.
# fmt: off
RECIPES: tuple[Recipe, ...] = (
    Recipe("groups-opening-shifted", "stock_continuity.opening", SHIFTED, SIZES, sample=InSample(
        "+7", "THT: đầu kỳ và cuối kỳ cùng lệch, đẳng thức vẫn đúng; đầu kỳ tháng sau không khớp",
        when="first", found_a_month_later=True)),
    Recipe("founding-not-in-register", "register_report.founded", founding_not_marked, sample=InSample(
        "1", "HTX thành lập trong kỳ theo BIEU_01 nhưng BIEU_02 không ghi biến động",
        when="before_last", also=("life_cycle.unannounced",))),
    Recipe("founding-not-announced", "life_cycle.unannounced", founding_not_marked),
    Recipe("closing-broken-revision", "stock_identity.closing", counts("closing_count", "operating_count"), SIZES,
        "held", sample=InSample(
        "+9", "Lần gửi 2 có số cuối kỳ THT không bằng đầu kỳ cộng trừ biến động: bị giữ lại, lần 1 còn hiệu lực",
        consequence="held")),
    Recipe("opening-broken", "stock_identity.closing", counts("opening_count"), SIZES, "held"),
    Recipe("good-revision", None, counts("founded_count", "closing_count", "operating_count"), (), sample=InSample(
        "+2", "Lần gửi 2 hợp lệ, chỉ sửa số THT: thay lần 1", consequence="supersedes")),
    Recipe("fair-participants-stated", "fair.participants", figures("BIEU_05A", "cooperative_participant_count"), SIZES,
        sample=InSample("+2", "Số HTX tham gia nêu ở BIEU_05A lớn hơn danh sách BIEU_05B", when="any")),
    Recipe("fair-sales-ambiguous", INTAKE, ambiguous_sales, (), sample=InSample(
        "1", "Doanh số ghi 20,767: hai cách đọc, dòng bị giữ lại nên danh sách thiếu một đơn vị",
        when="any", consequence="row_rejected", also=("fair.participants", "fair.booths"))),
    Recipe("contracts-column-renamed", INTAKE, column_renamed, (), sample=InSample(
        "1", "Cột Đối tác đổi tên: cả trang BIEU_05C bị giữ lại",
        when="any", consequence="sheet_rejected", not_comparable=("fair.contracts", "fair.contract_value"))),
    Recipe("loan-not-in-position", "fund.loans_outstanding",
        figures("BIEU_04B", "outstanding_vnd", "disbursed_vnd", "principal_vnd", where=_is_owed), MONEY,
        sample=InSample(
        "+50m", "Tổng dư nợ các khoản vay lớn hơn dư nợ của quỹ; từng khoản vẫn cân", also=("fund.loan_groups",))),
    Recipe("member-left-out", "membership.listed", members_left_out, ("1", "3"), sample=InSample(
        "1", "Danh sách thành viên thiếu một người so với số đã nêu")),
    Recipe("charter-below-floor", "fund.charter_floor", charter_below_floor, (), sample=InSample(
        "15000", "Vốn điều lệ 15 tỷ đồng, dưới mức 20 tỷ (Nghị định 45/2021/NĐ-CP, Điều 37)", when="before_last")),
    Recipe("registered-charter-below-floor", "fund.charter_floor", figures("BIEU_04A", "charter_registered_vnd"),
        ("=19990m", "=15000m", "=2000m")),
    Recipe("loan-unbalanced", "fund.loan_balance", figures("BIEU_04B", "repaid_vnd", where=_is_owed), MONEY,
        sample=InSample("+10m", "Một khoản vay: giải ngân trừ thu nợ, xóa nợ không bằng dư nợ", when="before_last")),
    Recipe("member-unborn", "membership.dates", member_dates, ("unborn", "left before"), sample=InSample(
        "unborn", "Năm sinh sau ngày vào HTX", also=("intake.rows_held",))),
    Recipe("dissolution-not-in-register", "register_report.dissolved", left_out("dissolved"), sample=InSample(
        "1", "HTX giải thể trong kỳ theo BIEU_01 nhưng không có trong BIEU_02",
        when="before_last", also=("life_cycle.vanished",))),
    Recipe("cooperative-not-in-register", "register_report.stock", left_out(None, "operating"), ("1", "3", "10"),
        sample=InSample("1", "Danh sách BIEU_02 thiếu một HTX đang hoạt động", also=("life_cycle.vanished",))),
    Recipe("cooperative-vanished", "life_cycle.vanished", left_out(None, "operating"), ("1", "3", "10")),
    Recipe("cooperative-returned", "life_cycle.returned", returned),
    Recipe("fair-booths-stated", "fair.booths", figures("BIEU_05A", "booth_count"), SIZES, sample=InSample(
        "+3", "Số gian hàng nêu ở BIEU_05A lớn hơn tổng gian hàng của các đơn vị", when="any")),
    Recipe("fair-contracts-stated", "fair.contracts", figures("BIEU_05A", "contract_count"), ("+1", "+10", "x10"),
        sample=InSample("+1", "Số hợp đồng nêu ở BIEU_05A lớn hơn danh sách BIEU_05C", when="any")),
    Recipe("fair-value-stated", "fair.contract_value", figures("BIEU_05A", "contract_value_vnd"), MONEY,
        sample=InSample("+100m", "Giá trị hợp đồng nêu ở BIEU_05A lớn hơn tổng giá trị các hợp đồng", when="any")),
    Recipe("total-broken-revision", "stock_split.total", counts("worker_count", parts=("total",)), SIZES, "held",
        sample=InSample(
        "+1", "Lần gửi 2 có tổng lao động THT hơn các lĩnh vực một người: bị giữ lại, lần 1 còn hiệu lực",
        consequence="held")),
    Recipe("group-broken-revision", "stock_split.non_agriculture",
        counts("member_count", parts=("non_agriculture", "total")), SIZES, "held", sample=InSample(
        "+10", "Lần gửi 2 có thành viên THT phi nông nghiệp hơn các lĩnh vực của nó: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last", consequence="held")),
    Recipe("status-broken-revision", "stock_split.status", counts("operating_count"), SIZES, "held", sample=InSample(
        "+4", "Lần gửi 2 có THT đang hoạt động cộng ngừng hoạt động khác số cuối kỳ: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last", consequence="held")),
    Recipe("fund-balance-broken-revision", "fund.balance", figures("BIEU_04A", "repaid_vnd"), MONEY, "held",
        sample=InSample(
        "+2m", "Lần gửi 2 có thu nợ của quỹ hơn 2 triệu đồng: dư nợ không cân, bị giữ lại, lần 1 còn hiệu lực",
        when="before_last", consequence="held")),
    Recipe("fund-groups-broken-revision", "fund.groups", figures("BIEU_04A", "debt_group_1_vnd"), MONEY, "held",
        sample=InSample(
        "+50m", "Lần gửi 2 có năm nhóm nợ cộng lại khác dư nợ: bị giữ lại, lần 1 còn hiệu lực",
        when="before_last", consequence="held")),
    Recipe("fund-opening-shifted", "fund.opening", figures("BIEU_04A", "opening_outstanding_vnd", "repaid_vnd"), MONEY,
        sample=InSample(
        "+20m", "Dư nợ đầu kỳ của quỹ khác dư nợ cuối tháng trước; các số trong kỳ vẫn cân", months=2)),
    Recipe("loan-in-another-group", "fund.loan_groups", loan_in_another_group, sample=InSample(
        "1", "Một khoản vay ghi nhóm nợ khác nhóm quỹ đã tính", when="before_last")),
    Recipe("own-capital-too-small", "fund.own_capital", own_capital, ("19", "10", "1"), sample=InSample(
        "10", "Vốn tự có bằng một phần mười dự án (Nghị định 45/2021/NĐ-CP)", when="before_last")),
    Recipe("one-borrower", "fund.borrower_exposure", one_borrower),
    Recipe("bad-debt-printed", "fund.bad_debt_ratio", printed("bad_debt_ratio", "stock"), ("+0.3", "+1", "x10"),
        "news"),
    Recipe("dissolved-after-the-month", "life_cycle.dates", dissolved_after_the_month, ("1", "365"), sample=InSample(
        "1", "Ngày giải thể sau ngày cuối kỳ", when="any")),
    Recipe("stopped-without-event", "life_cycle.skipped", running_without_event, ("1", "2"), sample=InSample(
        "1", "Tổ chức đang ngừng hoạt động ghi là đang hoạt động mà không có biến động", months=2)),
    Recipe("report-late", "compliance.on_time", late, ("30", "90"), sample=InSample(
        "31", "Báo cáo đến muộn hơn một tháng", when="before_last")),
    Recipe("report-missing", "compliance.arrived", missing, kind="held"),
    Recipe("register-missing", "compliance.forms", without_register, kind="held"),
    Recipe("month-sent-again", "compliance.one_period", copied(), kind="copied"),
    Recipe("sheet-of-the-month-before", "plausibility.copied_sheet", copied("BIEU_01"), kind="copied"),
    Recipe("sheet-of-another-sender", "plausibility.same_sheet", another_senders, kind="copied"),
    Recipe("figures-rounded", "plausibility.heaping", rounded_to_tens, sample=InSample(
        "1", "Mọi số thành viên, lao động đều tròn chục")),
    Recipe("members-times-ten", "plausibility.unit_slip", counts("member_count", least=MANY_MEMBERS), BIG, history=4,
        sample=InSample(
        "x10", "Số thành viên THT nông nghiệp gấp mười mọi tháng trước", months=7, also=("plausibility.jump",))),
    Recipe("workers-times-ten", "plausibility.unit_slip", counts("worker_count", rows="HTX"), BIG, history=4),
    Recipe("charter-times-ten", "plausibility.unit_slip", figures("BIEU_04A", "charter_registered_vnd"), BIG,
        history=4),
    Recipe("equity-times-ten", "plausibility.unit_slip", figures("BIEU_04A", "equity_vnd"), ("/10", *BIG), history=4),
    Recipe("members-doubled", "plausibility.jump", counts("member_count", least=MANY_MEMBERS), ("/2", "x2", "x3"),
        history=8, sample=InSample("x2", "Số thành viên THT nông nghiệp gấp đôi trong một tháng", months=7)),
    Recipe("workers-doubled", "plausibility.jump", counts("worker_count", rows="HTX"), ("/2", "x2", "x3"), history=8),
    Recipe("many-founded", "plausibility.jump", counts("founded_count", "converted_out_count"), ("+20", "+40"),
        history=8),
    Recipe("more-women-than-people", "list.part", larger_than_whole("BIEU_06", "female_count", "participant_count"),
        ("+1", "+10"), "long", sample=InSample("+1", "Lớp học có số nữ nhiều hơn số học viên", when="quarter",
        also=("intake.rows_held",))),
    Recipe("expert-left-before-coming", "list.order", turned_around("BIEU_07C", "started_on", "ended_on"), (), "long",
        sample=InSample("365", "Chuyên gia kết thúc công việc trước ngày bắt đầu một năm (gõ nhầm năm)", when="year",
        also=("intake.rows_held",))),
    Recipe("course-ended-before-start", "list.order", turned_around("BIEU_06", "started_on", "ended_on"), ("1", "365"),
        "long"),
    Recipe("answered-before-raised", "list.order", turned_around("BIEU_12", "raised_on", "answered_on"), ("1", "365"),
        "long"),
    Recipe("loan-due-before-signed", "intake.rows_held", turned_around("BIEU_04B", "signed_on", "due_on"),
        ("1", "365"), sample=InSample("365", "Khoản vay đến hạn trước ngày ký một năm (gõ nhầm năm): dòng bị giữ lại")),
    Recipe("fair-ended-before-start", "intake.rows_held", turned_around("BIEU_05A", "started_on", "ended_on"),
        ("1", "365")),
    Recipe("more-overdue-than-owed", "intake.rows_held",
        larger_than_whole("BIEU_04B", "overdue_vnd", "outstanding_vnd"), ("+1m", "x3")),
    Recipe("task-done-without-day", "list.state", done_without_day("BIEU_09", "task_status", "done"), kind="long",
        sample=InSample("1", "Nhiệm vụ ghi hoàn thành nhưng không có ngày hoàn thành", when="quarter")),
    Recipe("complaint-resolved-without-day", "list.state", done_without_day("BIEU_14B", "case_status", "resolved"),
        kind="long"),
    Recipe("attainment-turned-around", "plan.attainment", attainment, ("+1", "+10", "x10"), "long", sample=InSample(
        "=57", "Tỷ lệ thực hiện không bằng số thực hiện chia chỉ tiêu", when="year")),
    Recipe("actual-of-another-count", "plan.actual", actual, ("+1", "+10", "x10"), "long", sample=InSample(
        "+3", "Số HTX thành lập mới ở Biểu 10 nhiều hơn Biểu 01 của cùng kỳ ba đơn vị", when="half_year")),
    Recipe("quarter-not-sum-of-months", "additivity.flows", counts("founded_count", "converted_out_count"),
        ("+1", "+10"), "long", sample=InSample(
        "+1", "THT thành lập mới và chuyển đi trong quý nhiều hơn tổng các tháng một đơn vị",
        when="quarter", months=5)),
    Recipe("quarter-ends-otherwise", "additivity.closing", SHIFTED, SIZES, "long", sample=InSample(
        "+10", "THT đầu quý và cuối quý cùng lệch so với tháng đầu và tháng cuối quý",
        when="quarter", months=5, also=("additivity.opening",))),
    Recipe("quarter-begins-otherwise", "additivity.opening", SHIFTED, SIZES, "long"),
    Recipe("year-to-date-printed", "additivity.year_to_date", printed("founded", "ytd"), SIZES, "country"),
    Recipe("year-to-date-falls", "additivity.year_to_date_falls", falls("dissolved"), ("1", "10"), "country"),
    Recipe("founded-printed", "roll_up.founded", printed("founded", "period"), SIZES, "country"),
    Recipe("dissolved-printed", "roll_up.dissolved", printed("dissolved", "period"), SIZES, "country"),
    Recipe("operating-printed", "roll_up.stock_operating", printed("stock_operating", "stock"), SIZES, "country"),
)

# About half-years before any sample.
MISPRINTS: tuple[Misprint, ...] = (
    Misprint("region-left-out", "region_split.sum", "half-year-regions", "2019-H1", 768, 672,
        "Danh sách vùng thiếu Tây Bắc nên không bằng tổng số", ("region_split.coverage",)),
    Misprint("sector-split-wrong", "claim_split.sector", "half-year-sectors", "2017-H1", 704, 714,
        "HTX nông nghiệp cộng phi nông nghiệp không bằng tổng số nêu trong bài"),
    Misprint("share-wrong", "claim_percent.share", "review", "2018-H1", "67,2", "76,2",
        "Tỷ trọng HTX nông nghiệp không bằng phần chia tổng"),
    Misprint("change-wrong", "claim_change.net", "review", None, 515, 551,
        "Mức tăng không bằng thành lập mới trừ giải thể"),
    Misprint("list-too-short", "claim_article.list_length", "review", None, 3, 4,
        "Bài nêu 4 địa phương nhưng liệt kê 3"),
    Misprint("document-date", "document.register", "review", None, "27/4/2018", "07/5/2018",
        "Ngày của Quyết định 461/QĐ-TTg khác sổ văn bản"),
    Misprint("copy-changed", "claim_between.copy", "review-copy", "2018-H1", 95, 59,
        "Bài đăng lại in số giải thể khác bài gốc"),
)
# fmt: on
