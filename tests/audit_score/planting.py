"""Faults of every family in several sizes, each a small change of one statement that leaves the rest unchanged.

A recipe changes a statement (or what is sent, or printed) so that its rule must find it; it returns False where the
statement has no place for it. Unavoidable consequences (a cooperative left out of the register is missing from its
stock, too) are not listed: they must be in the same group as the fault, and that is measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ingestion.samples.country import LEAVES, Row
from ingestion.vietnamese.periods import Period
from tests.audit_score.world import Claim, Statement, World

MILLION = 1_000_000
Change = Callable[[World, Statement, str], bool]

#: From one unit to a factor of a thousand; "swap" exchanges two neighbouring digits.
SIZES = ("+1", "+10", "swap", "x10", "x1000")
MONEY = ("+2m", "+50m", "x10", "x1000")
BIG = ("x10", "x100", "x1000")


@dataclass(frozen=True)
class Recipe:
    """One kind of fault: the rule that must find it, in which sizes, and how it is made."""

    rule_id: str
    name: str
    make: Change
    sizes: Sequence[str] = ("1",)
    #: Needs months before it (a history) and a month after it.
    history: int = 1
    #: Affects later months (a held report is missing next month): nothing else is planted in that province.
    kind: str = "month"


@dataclass(frozen=True)
class Planted:
    """One fault in its place: province key and period where its anomaly must appear."""

    recipe: Recipe
    size: str
    province_key: str | None
    period: str
    together: bool = False


def off(value: object, size: str) -> int:
    """The value, wrong by ``size``."""
    number = int(str(value))
    if size == "swap":
        text = str(number)
        for i in range(len(text) - 1):
            if text[i] != text[i + 1]:
                return int(text[:i] + text[i + 1] + text[i] + text[i + 2 :])
        return number
    if size.startswith("x"):
        return number * int(size[1:])
    if size.startswith("/"):
        return number // int(size[1:])
    return number + (int(size[1:-1]) * MILLION if size.endswith("m") else int(size[1:]))


def _set(row: Row, column: str, size: str) -> int:
    """Change one figure; returns by how much."""
    before = int(str(row[column]))
    row[column] = off(before, size)
    return int(str(row[column])) - before


def _plus(rows: Sequence[Row], columns: Sequence[str], by: int) -> None:
    for row in rows:
        for column in columns:
            row[column] = int(str(row[column])) + by


def _groups(s: Statement) -> tuple[Row, Row]:
    return s.count("THT", "agriculture"), s.count("THT", "total")


def counts(first: str, *others: str, rows: str = "THT", parts: Sequence[str] = ("agriculture", "total")) -> Change:
    """``first`` off by the size, ``others`` by as much, in a leaf and what it adds up to."""

    def make(_: World, s: Statement, size: str) -> bool:
        lines = [s.count(rows, part) for part in parts]
        by = _set(lines[0], first, size)
        _plus(lines[1:], [first], by)
        _plus(lines, others, by)
        return by != 0

    return make


def alone(column: str, sector: str, *also: str) -> Change:
    """One figure of one row, and rows above it that keep their own sums."""

    def make(_: World, s: Statement, size: str) -> bool:
        by = _set(s.count("HTX", sector), column, size)
        _plus([s.count("HTX", other) for other in also], [column], by)
        return by != 0

    return make


def _listed(s: Statement, form: str, fits: Callable[[Row], bool]) -> list[Row]:
    return [row for row in s.rows[form] if fits(row)]


def _quiet(s: Statement, status: str = "operating") -> list[Row]:
    return _listed(s, "BIEU_02", lambda r: r["status"] == status and r["event_kind"] is None and r["org_type"] == "HTX")


def register_unmarked(_: World, s: Statement, size: str) -> bool:
    found = _listed(s, "BIEU_02", lambda r: r["event_kind"] == "founded" and r["org_type"] == "HTX")[: int(size)]
    for row in found:
        row.update(event_kind=None, event_on=None, decision_number=None)
    return len(found) == int(size)


def register_dropped(kind: str) -> Change:
    def make(_: World, s: Statement, size: str) -> bool:
        found = (
            _listed(s, "BIEU_02", lambda r: r["event_kind"] == kind and r["org_type"] == "HTX")
            if kind != "quiet"
            else _quiet(s)
        )[: int(size)]
        s.rows["BIEU_02"] = [r for r in s.rows["BIEU_02"] if r not in found]
        return len(found) == int(size)

    return make


def returned(world: World, s: Statement, _: str) -> bool:
    before = world.at(s.place[0], _month_before(s.period))
    gone = [] if before is None else _listed(before, "BIEU_02", lambda r: r["status"] == "dissolved")
    if not gone:
        return False
    s.rows["BIEU_02"].append(gone[0] | {"status": "operating", "event_kind": None, "event_on": None})
    return True


def skipped(world: World, s: Statement, size: str) -> bool:
    before = world.at(s.place[0], _month_before(s.period))
    stopped = {r["org_code"] for r in (_quiet(before, "stopped") if before else [])}
    found = [r for r in _quiet(s, "stopped") if r["org_code"] in stopped][: int(size)]
    for row in found:
        row["status"] = "operating"
    return len(found) == int(size)


def dates(_: World, s: Statement, size: str) -> bool:
    found = _listed(s, "BIEU_02", lambda r: r["event_kind"] == "dissolved")
    if not found:
        return False
    found[0]["event_on"] = Period(s.period).end + timedelta(days=int(size))
    return True


def position(first: str, *others: str) -> Change:
    def make(_: World, s: Statement, size: str) -> bool:
        if not s.rows["BIEU_04A"] or not s.rows["BIEU_04A"][0][first]:
            return False
        row = s.rows["BIEU_04A"][0]
        by = _set(row, first, size)
        _plus([row], others, by)
        return True

    return make


def charter(_: World, s: Statement, size: str) -> bool:
    for row in s.rows["BIEU_04A"][:1]:
        row["charter_registered_vnd"] = int(size) * MILLION
        return True
    return False


def loan(first: str, *others: str) -> Change:
    def make(_: World, s: Statement, size: str) -> bool:
        rows = _listed(s, "BIEU_04B", lambda r: r["outstanding_vnd"] != 0 and r["repaid_vnd"] != 0)
        if not rows:
            return False
        by = _set(rows[0], first, size)
        _plus(rows[:1], others, by)
        return by != 0

    return make


def loan_group(_: World, s: Statement, __: str) -> bool:
    rows = _listed(s, "BIEU_04B", lambda r: r["outstanding_vnd"] != 0 and r["debt_group"] == 1)
    if not rows:
        return False
    rows[0]["debt_group"] = 3
    return True


def own_capital(_: World, s: Statement, size: str) -> bool:
    rows = [r for r in s.rows["BIEU_04B"] if r["signed_on"] >= date(2021, 6, 1)]  # type: ignore[operator]
    for row in rows[:1]:
        row["own_capital_vnd"] = int(str(row["project_cost_vnd"])) * int(size) // 100
    return bool(rows)


def one_borrower(_: World, s: Statement, __: str) -> bool:
    funds = {r["fund_code"] for r in s.rows["BIEU_04A"]}
    for fund in sorted(map(str, funds)):
        loans = _listed(s, "BIEU_04B", lambda r, f=fund: r["fund_code"] == f)  # type: ignore[misc]
        paid = next(int(str(r["charter_paid_vnd"])) for r in s.rows["BIEU_04A"] if r["fund_code"] == fund)
        if sum(int(str(r["outstanding_vnd"])) for r in loans) * 100 > paid * 16:
            for row in loans:
                row["borrower_code"] = loans[0]["borrower_code"]
            return True
    return False


def fair(column: str) -> Change:
    def make(_: World, s: Statement, size: str) -> bool:
        return bool(s.rows["BIEU_05A"]) and _set(s.rows["BIEU_05A"][0], column, size) != 0

    return make


def member_dropped(_: World, s: Statement, size: str) -> bool:
    if len(s.rows["BIEU_03"]) < 8:
        return False
    code = s.rows["BIEU_03"][0]["org_code"]
    gone = _listed(s, "BIEU_03", lambda r: r["org_code"] == code)[: int(size)]
    s.rows["BIEU_03"] = [r for r in s.rows["BIEU_03"] if r not in gone]
    return True


def member_dates(_: World, s: Statement, size: str) -> bool:
    people = _listed(s, "BIEU_03", lambda r: r["birth_year"] is not None)
    if not people:
        return False
    if size == "unborn":
        people[0]["birth_year"] = int(s.period[:4]) + 1
    else:
        people[0]["left_on"] = people[0]["joined_on"] - timedelta(days=1)  # type: ignore[operator]
    return True


def missing(world: World, s: Statement, _: str) -> bool:
    world.statements = [other for other in world.statements if other.place != s.place]
    return True


def late(_: World, s: Statement, size: str) -> bool:
    if s.revision != 1:
        return False
    s.received_at = s.received_at + timedelta(days=int(size))
    return True


def without_register(_: World, s: Statement, __: str) -> bool:
    # A revision may leave out what it does not change: the register sent before it stays.
    if s.revision != 1:
        return False
    s.rows["BIEU_02"] = []
    return True


def _month_before(period: str) -> str:
    year, month = map(int, period.split("-"))
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"


def copied(*forms: str) -> Change:
    """Sheets of the month before sent again."""

    def make(world: World, s: Statement, _: str) -> bool:
        before = world.at(s.place[0], _month_before(s.period))
        if before is None or not _moved(before):
            return False
        for form in forms or tuple(s.rows):
            s.rows[form] = deepcopy(before.rows[form])
        return True

    return make


def _moved(s: Statement) -> bool:
    return any(r["opening_count"] != r["closing_count"] for r in s.rows["BIEU_01"])


def another_senders(world: World, s: Statement, _: str) -> bool:
    others = [o for o in world.statements if o.period == s.period and o.province != s.province and _moved(o)]
    # What a later revision superseded is compared with nothing.
    others = [o for o in others if o.received_at < s.received_at and world.at(*o.place) is o]
    if not others or s.revision != 1:
        return False
    s.rows["BIEU_01"] = deepcopy(others[0].rows["BIEU_01"])
    return True


def heaped(_: World, s: Statement, __: str) -> bool:
    for column in ("member_count", "worker_count"):
        for org_type in ("HTX", "LHHTX", "THT"):
            for leaf in LEAVES:
                row = s.count(org_type, leaf)
                row[column] = round(int(str(row[column])) / 10) * 10
            other = sum(int(str(s.count(org_type, leaf)[column])) for leaf in LEAVES[1:])
            s.count(org_type, "non_agriculture")[column] = other
            s.count(org_type, "total")[column] = other + int(str(s.count(org_type, "agriculture")[column]))
    figures = [int(str(s.count(t, leaf)[c])) for t in ("HTX", "LHHTX", "THT") for leaf in LEAVES
               for c in ("member_count", "worker_count")]  # fmt: skip
    return len([f for f in figures if f >= 20]) >= 20


def claim(metric: str, accumulation: str, *, falls: bool = False) -> Change:
    def make(world: World, s: Statement, size: str) -> bool:
        found = [c for c in world.claims if _speaks_of(c, metric, accumulation, s)]
        if not found:
            return False
        said = found[0]
        if falls:
            earlier = [c for c in world.claims if (c.metric, c.accumulation) == (metric, accumulation)
                       and c.period.code == _month_before(s.period) and s.period[5:] != "01"]  # fmt: skip
            if not earlier:
                return False
            said.value = earlier[0].value - int(size)
            return True
        if metric == "bad_debt_ratio":
            said.value = said.value * int(size[1:]) if size[0] == "x" else said.value + Decimal(size)
            return said.value > 0
        before = said.value
        said.value = Decimal(off(int(before), size))
        return said.value != before

    return make


def _speaks_of(c: Claim, metric: str, accumulation: str, s: Statement) -> bool:
    national = metric != "bad_debt_ratio"
    return (
        (c.metric, c.accumulation, c.period.code) == (metric, accumulation, s.period)
        and (national or c.province == s.place[0])
        and c.qualifier == "exact"
    )


def larger_than_whole(form: str, part: str, whole: str) -> Change:
    """A part of a row of a longer form, larger than its whole by ``size``."""

    def make(_: World, s: Statement, size: str) -> bool:
        for row in s.rows.get(form, []):
            if row[part] is not None and row[whole]:
                row[part] = off(row[whole], size)
                return int(str(row[part])) > int(str(row[whole]))
        return False

    return make


def turned_around(form: str, first: str, second: str) -> Change:
    """The later day of a row lies ``size`` days before the earlier one."""

    def make(_: World, s: Statement, size: str) -> bool:
        for row in s.rows.get(form, []):
            start = row[first]
            if isinstance(start, date) and row[second] is not None:
                row[second] = start - timedelta(days=int(size))
                return True
        return False

    return make


def without_its_day(form: str, status: str, done: str, day: str) -> Change:
    """A row in the state ``done`` that lacks its day."""

    def make(_: World, s: Statement, __: str) -> bool:
        for row in s.rows.get(form, []):
            if row[status] == done and row[day] is not None:
                row[day] = None
                return True
        return False

    return make


def attainment(_: World, s: Statement, size: str) -> bool:
    """An attainment that is not the actual over the target: off by percentage points, or by a factor."""
    for row in s.rows.get("BIEU_10", []):
        stated = row["stated_attainment_pct"]
        if isinstance(stated, Decimal) and stated:
            row["stated_attainment_pct"] = stated * 10 if size == "x10" else stated + int(size)
            return True
    return False


def actual(_: World, s: Statement, size: str) -> bool:
    """The cooperatives founded since January, as BIEU_10 states them: off by ``size``, the attainment with it."""
    if s.period[5:] not in ("", "H1", "Q1"):
        return False
    founded = sum(int(str(s.count("HTX", leaf)["founded_count"])) for leaf in LEAVES)
    for row in s.rows.get("BIEU_10", []):
        target = row["target_value"]
        if (row["indicator"], row["org_type"]) == ("founded", "HTX") and isinstance(target, Decimal) and founded:
            row["stated_actual"] = Decimal(off(founded, size))
            row["stated_attainment_pct"] = round(100 * row["stated_actual"] / target, 2)
            return row["stated_actual"] != founded
    return False


RECIPES: tuple[Recipe, ...] = (
    Recipe("stock_identity.closing", "closing", counts("closing_count", "operating_count"), SIZES, kind="held"),
    Recipe("stock_identity.closing", "opening", counts("opening_count"), SIZES, kind="held"),
    Recipe("stock_split.total", "total", alone("worker_count", "total"), SIZES, kind="held"),
    Recipe(
        "stock_split.non_agriculture", "group", alone("member_count", "non_agriculture", "total"), SIZES, kind="held"
    ),
    Recipe("stock_split.status", "operating", counts("operating_count"), SIZES, kind="held"),
    Recipe("stock_continuity.opening", "shifted", counts("opening_count", "closing_count", "operating_count"), SIZES),
    Recipe("register_report.founded", "unmarked", register_unmarked, ("1",)),
    Recipe("register_report.dissolved", "left out", register_dropped("dissolved")),
    Recipe("register_report.stock", "left out", register_dropped("quiet"), ("1", "3", "10")),
    Recipe("life_cycle.vanished", "left out", register_dropped("quiet"), ("1", "3", "10")),
    Recipe("life_cycle.unannounced", "unmarked", register_unmarked, ("1",)),
    Recipe("life_cycle.returned", "returned", returned),
    Recipe("life_cycle.skipped", "no event", skipped, ("1", "2")),
    Recipe("life_cycle.dates", "after the period", dates, ("1", "365")),
    Recipe("fund.balance", "repaid", position("repaid_vnd"), MONEY, kind="held"),
    Recipe("fund.groups", "group 1", position("debt_group_1_vnd"), MONEY, kind="held"),
    Recipe("fund.loans_outstanding", "loan", loan("outstanding_vnd", "disbursed_vnd", "principal_vnd"), MONEY),
    Recipe("fund.loan_balance", "repaid", loan("repaid_vnd"), MONEY),
    Recipe("fund.loan_groups", "wrong group", loan_group),
    Recipe("fund.charter_floor", "below", charter, ("19990", "15000", "2000")),
    Recipe("fund.opening", "opening", position("opening_outstanding_vnd", "repaid_vnd"), MONEY),
    Recipe("fund.own_capital", "below", own_capital, ("19", "10", "1")),
    Recipe("fund.borrower_exposure", "one borrower", one_borrower),
    Recipe("fund.bad_debt_ratio", "printed", claim("bad_debt_ratio", "stock"), ("0.3", "1", "x10"), kind="news"),
    Recipe("fair.participants", "stated", fair("cooperative_participant_count"), SIZES),
    Recipe("fair.booths", "stated", fair("booth_count"), SIZES),
    Recipe("fair.contracts", "stated", fair("contract_count"), ("+1", "+10", "x10")),
    Recipe("fair.contract_value", "stated", fair("contract_value_vnd"), MONEY),
    Recipe("membership.listed", "left out", member_dropped, ("1", "3")),
    Recipe("membership.dates", "dates", member_dates, ("unborn", "left before")),
    Recipe("additivity.flows", "founded", counts("founded_count", "converted_out_count"), SIZES[:2], kind="long"),
    Recipe(
        "additivity.opening", "opening", counts("opening_count", "closing_count", "operating_count"), SIZES, kind="long"
    ),
    Recipe(
        "additivity.closing", "closing", counts("opening_count", "closing_count", "operating_count"), SIZES, kind="long"
    ),
    Recipe(
        "list.part", "women", larger_than_whole("BIEU_06", "female_count", "participant_count"), SIZES[:2], kind="long"
    ),
    Recipe("list.order", "course", turned_around("BIEU_06", "started_on", "ended_on"), ("1", "365"), kind="long"),
    Recipe("list.order", "answer", turned_around("BIEU_12", "raised_on", "answered_on"), ("1", "365"), kind="long"),
    Recipe("list.state", "task", without_its_day("BIEU_09", "task_status", "done", "done_on"), kind="long"),
    Recipe(
        "list.state", "complaint", without_its_day("BIEU_14B", "case_status", "resolved", "resolved_on"), kind="long"
    ),
    Recipe("plan.attainment", "attainment", attainment, ("1", "10", "x10"), kind="long"),
    Recipe("plan.actual", "founded", actual, ("+1", "+10", "x10"), kind="long"),
    Recipe("additivity.year_to_date", "printed", claim("founded", "ytd"), SIZES, kind="country"),
    Recipe(
        "additivity.year_to_date_falls", "falls", claim("dissolved", "ytd", falls=True), ("1", "10"), kind="country"
    ),
    Recipe("roll_up.founded", "printed", claim("founded", "period"), SIZES, kind="country"),
    Recipe("roll_up.dissolved", "printed", claim("dissolved", "period"), SIZES, kind="country"),
    Recipe("roll_up.stock_operating", "printed", claim("stock_operating", "stock"), SIZES, kind="country"),
    Recipe("compliance.arrived", "missing", missing, kind="held"),
    Recipe("compliance.on_time", "late", late, ("30", "90")),
    Recipe("compliance.forms", "no register", without_register, kind="held"),
    Recipe("compliance.one_period", "sent again", copied(), kind="copied"),
    Recipe("plausibility.copied_sheet", "copied", copied("BIEU_01"), kind="copied"),
    Recipe("plausibility.same_sheet", "another's", another_senders, kind="copied"),
    Recipe("plausibility.heaping", "rounded", heaped),
    Recipe("plausibility.jump", "members", counts("member_count"), ("/2", "x2", "x3"), history=8),
    Recipe("plausibility.jump", "workers", counts("worker_count", rows="HTX"), ("/2", "x2", "x3"), history=8),
    Recipe("plausibility.jump", "founded", counts("founded_count", "converted_out_count"), ("+20", "+40"), history=8),
    Recipe("plausibility.unit_slip", "members", counts("member_count"), BIG, history=4),
    Recipe("plausibility.unit_slip", "workers", counts("worker_count", rows="HTX"), BIG, history=4),
    Recipe("plausibility.unit_slip", "charter", position("charter_registered_vnd"), BIG, history=4),
    Recipe("plausibility.unit_slip", "equity", position("equity_vnd"), ("/10", *BIG), history=4),
)


def plant(world: World, seed: int = 11, each: int = 2, together: int = 20, *, printed: bool = False) -> list[Planted]:
    """Plant every recipe in every size ``each`` times alone, and ``together`` pairs of two; ``world`` is changed.

    With ``printed`` those that the press prints of the whole country, else all others: where a report is held or
    missing, the country is not comparable, so both kinds have a world of their own.

    Faults do not overlap: no other fault is in the same province in the same month or the two next to it. Faults of
    national figures are in different months.
    """
    rng = random.Random(seed)
    months = sorted({s.period for s in world.statements if len(s.period) == 7 and s.period[5] not in "QH"})
    taken: set[tuple[str, str]] = set()
    planted: list[Planted] = []
    chosen = [recipe for recipe in RECIPES if (recipe.kind == "country") == printed]
    jobs = [(recipe, size) for recipe in chosen for size in recipe.sizes for _ in range(each)]
    # Faults with few possible places go first; sheets are copied last, when their contents are final.
    jobs.sort(key=lambda job: _urgency(job[0]))
    alone_first = [job for job in jobs if job[0].kind != "copied"]
    for recipe, size in alone_first:
        planted += _plant_one(world, recipe, size, rng, months, taken)
    families = ("fund", "membership", "stock_continuity", "life_cycle")
    lone = [r for r in RECIPES if r.kind == "month" and r.rule_id.split(".")[0] in families]
    for _ in range(0 if printed else together):
        planted += _plant_pair(world, lone, rng, months, taken)
    for recipe, size in jobs[len(alone_first) :]:
        planted += _plant_one(world, recipe, size, rng, months, taken)
    return planted


def _urgency(recipe: Recipe) -> tuple[bool, ...]:
    return recipe.kind == "copied", recipe.kind != "long", recipe.history < 8, not recipe.rule_id.startswith("fair")


def _candidates(world: World, recipe: Recipe, rng: random.Random, months: Sequence[str]) -> list[Statement]:
    newest = {s.place: s for s in sorted(world.statements, key=lambda s: s.revision)}
    found = []
    for s in newest.values():
        long = s.period not in months
        if (recipe.kind == "long") != long:
            continue
        # The first month of the merged map and the one before it show the merger; they are left clean.
        if not long and (months.index(s.period) < recipe.history or s.period in ("2025-06", "2025-07", months[-1])):
            continue
        if not long and recipe.history > 1 and s.period > "2025-06":
            continue
        found.append(s)
    found.sort(key=lambda s: s.place)
    rng.shuffle(found)
    return found


def _zone(s: Statement, recipe: Recipe, months: Sequence[str]) -> set[tuple[str, str]]:
    if recipe.kind == "country":
        return {(f"country {recipe.rule_id.split('.')[0]}", s.period)}
    if recipe.kind == "long":
        return {(s.place[0], s.period)}
    at = months.index(s.period)
    return {(s.place[0], m) for m in months[max(0, at - 1) : at + 2]}


def _plant_one(
    world: World, recipe: Recipe, size: str, rng: random.Random, months: Sequence[str], taken: set[tuple[str, str]]
) -> list[Planted]:
    for s in _candidates(world, recipe, rng, months):
        zone = _zone(s, recipe, months)
        if zone & taken:
            continue
        # Provinces that report quarters, too, are kept for the faults of quarters.
        if recipe.kind not in ("long", "country") and (s.province_map, int(s.province) % 8) == ("63", 1):
            continue
        # A shifted stock shows in the next longer period, too; faults of one row keep to provinces without such.
        if recipe.kind == "long" and recipe.rule_id.startswith("additivity") != (int(s.province) // 8 % 3 == 0):
            continue
        kept = deepcopy(s.rows)
        if not recipe.make(world, s, size):
            s.rows = kept
            continue
        taken |= zone
        key = None if recipe.kind == "country" else s.place[0]
        return [Planted(recipe, size, key, s.period)]
    return []


def _plant_pair(
    world: World, recipes: Sequence[Recipe], rng: random.Random, months: Sequence[str], taken: set[tuple[str, str]]
) -> list[Planted]:
    """Two faults of different families in one workbook."""
    one = rng.choice(recipes)
    other = rng.choice([r for r in recipes if r.rule_id.split(".")[0] != one.rule_id.split(".")[0]])
    sizes = rng.choice(one.sizes), rng.choice(other.sizes)
    for s in _candidates(world, one, rng, months):
        zone = _zone(s, one, months)
        if zone & taken:
            continue
        kept = deepcopy(s.rows)
        if not (one.make(world, s, sizes[0]) and other.make(world, s, sizes[1])):
            s.rows = kept
            continue
        taken |= zone
        return [Planted(r, size, s.place[0], s.period, True) for r, size in zip((one, other), sizes, strict=True)]
    return []
