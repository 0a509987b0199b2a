"""Late, out of order, repeated, revised, held: the laws of the two clocks, on real workbooks and real dbt builds.

Whatever provinces send, in whatever order it arrives and however many builds are in between, (1) the marts are equal,
(2) at any moment at most one statement of each thing counts and exactly one is current, (3) the state as of the end is
the current state, and (4) the state as of a moment equals, row for row, a warehouse that received nothing after it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count, pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingestion import raw_compaction
from ingestion.forms.definition import load_forms
from ingestion.raw_zone import RawZone
from ingestion.samples.country import Country, Report, Settings, Value
from ingestion.samples.periodic import report_for
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from ingestion.vietnamese.periods import Period
from tests.builds import Arrival, Builds, RecordedFact, opened, rows
from tests.workbooks import RECEIVED
from warehouse.content import table_content

START = datetime(2021, 10, 2, 3)
FOREVER = datetime(9999, 1, 1)
PROVINCES = ("34", "67")


@cache
def country() -> Country:
    """Three provinces, two of which have a fund, fairs and new members in three months; a dozen organisations each."""
    return Country(Settings(provinces=3, months=3, scale=0.02, seed=7))


#: What is reported for more than a month, in pairs of one kind: the longer forms are asked for in these.
LONGER = ("2021-Q2", "2021-Q3", "2019", "2020")
MONTHS = 3


@cache
def report(code: str, number: int) -> Report:
    """A province's report for one of the months, then for one of :data:`LONGER`."""
    monthly = country().reports(code)
    if number < MONTHS:
        return monthly[number]
    return report_for(country(), monthly[0].place, Period(LONGER[number - MONTHS]), monthly)


def other_report(code: str, number: int) -> Report:
    """Another report of the same kind."""
    if number < MONTHS:
        return report(code, 0 if number else 1)
    return report(code, MONTHS + ((number - MONTHS) ^ 1))


# --- how a workbook may depart from the truth --------------------------------------------------------------------

Change = Callable[[Report, Report], Sequence[Edit]]


def more_founded(this: Report, _: Report) -> Sequence[Edit]:
    """One more cooperative, consistently: an honest revision of BIEU_01."""
    changes = [(row, column) for row in (0, 1) for column in ("founded_count", "closing_count", "operating_count")]
    return [Edit("set", "BIEU_01", column, row, _number(this, row, column) + 1) for row, column in changes]


def does_not_add_up(this: Report, _: Report) -> Sequence[Edit]:
    """Closing stock without a reason: the submission is held."""
    return [Edit("set", "BIEU_01", "closing_count", 1, _number(this, 1, "closing_count") + 5)]


def stopped(this: Report, _: Report) -> Sequence[Edit]:
    """An organisation stopped in this month."""
    return _event(this, 0, "stopped", this.period.end - timedelta(days=9))


def stopped_long_ago(this: Report, _: Report) -> Sequence[Edit]:
    """An organisation stopped by a decision of an earlier month, reported only now."""
    return _event(this, 1, "stopped", this.period.start - timedelta(days=20))


def renamed(this: Report, _: Report) -> Sequence[Edit]:
    return [Edit("set", "BIEU_02", "org_name", 2, f"HTX Đổi tên {this.period.start.month}")]


def left_out(_: Report, __: Report) -> Sequence[Edit]:
    """An organisation missing from the register, a loan from the list."""
    return [Edit("delete", "BIEU_02", row=3), Edit("delete", "BIEU_04B", row=1)]


def fair_again(this: Report, other: Report) -> Sequence[Edit]:
    """The fair of another month, its first participant and its first contract, stated for this month too."""
    if not (this.rows["BIEU_05A"] and other.rows["BIEU_05A"]):
        return []
    edits = [Edit("set", "BIEU_05A", "fair_code", 0, other.rows["BIEU_05A"][0]["fair_code"])]
    for form, columns in (("BIEU_05B", ("fair_code", "org_code")), ("BIEU_05C", ("contract_code",))):
        edits += [Edit("set", form, column, 0, other.rows[form][0][column]) for column in columns]
    return edits


def fair_left_out(this: Report, _: Report) -> Sequence[Edit]:
    forms = ("BIEU_05A", "BIEU_05B", "BIEU_05C")
    return [Edit("delete", form, row=0) for form in forms if len(this.rows[form]) > 1 or form == "BIEU_05A"]


def member_again(this: Report, other: Report) -> Sequence[Edit]:
    """A member of another month's list, who has left since."""
    if not (this.rows["BIEU_03"] and other.rows["BIEU_03"]):
        return []
    first = other.rows["BIEU_03"][0]
    edits = [Edit("set", "BIEU_03", column, 0, value) for column, value in first.items()]
    return [*edits, Edit("set", "BIEU_03", "left_on", 0, this.period.end)]


def fund_grew(this: Report, _: Report) -> Sequence[Edit]:
    if not this.rows["BIEU_04A"]:
        return []
    value = this.rows["BIEU_04A"][0]["charter_registered_vnd"]
    return [Edit("set", "BIEU_04A", "charter_registered_vnd", 0, int(str(value)) + 10_000_000)]


def listed_again(this: Report, other: Report) -> Sequence[Edit]:
    """The first course, complaint, award … of another period, stated for this one too."""
    return [
        Edit("set", form, column.name, 0, other.rows[form][0][column.name])
        for form in _longer_forms(this)
        if this.rows[form] and other.rows.get(form)
        for column in load_forms()[form].columns
        # A partner's membership is identified by its first year, too.
        if column.key or column.name == "member_from_year"
    ]


def first_left_out(this: Report, _: Report) -> Sequence[Edit]:
    return [Edit("delete", form, row=0) for form in _longer_forms(this) if len(this.rows[form]) > 1]


def _longer_forms(this: Report) -> Sequence[str]:
    return [form for form in this.rows if form != "BIEU_01"]


CHANGES: tuple[Change, ...] = (
    more_founded, does_not_add_up, stopped, stopped_long_ago, renamed, left_out, fair_again, fair_left_out,
    member_again, fund_grew,
)  # fmt: skip
LONGER_CHANGES: tuple[Change, ...] = (more_founded, does_not_add_up, listed_again, first_left_out)


def changes_of(number: int) -> tuple[Change, ...]:
    """What may be different in a report."""
    return CHANGES if number < MONTHS else LONGER_CHANGES


def _number(this: Report, row: int, column: str) -> int:
    value = this.rows["BIEU_01"][row][column]
    assert isinstance(value, int)
    return value


def _event(this: Report, row: int, kind: str, day: date) -> Sequence[Edit]:
    values: dict[str, Value] = {"status": kind, "event_kind": kind, "event_on": day, "decision_number": "1/QĐ"}
    return [Edit("set", "BIEU_02", column, row, value) for column, value in values.items()]


# --- what may arrive ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One workbook, and the minutes at which it came in: once, or again under another name."""

    code: str
    number: int
    revision: int
    changes: tuple[int, ...]
    minutes: tuple[int, ...]

    @property
    def data(self) -> bytes:
        return _workbook(self.code, self.number, self.revision, self.changes)


@cache
def _workbook(code: str, number: int, revision: int, changes: tuple[int, ...]) -> bytes:
    this, other = report(code, number), other_report(code, number)
    edits: dict[tuple[str, str, int], Edit] = {}
    for change in changes:
        edits |= {(e.form, e.column, e.row): e for e in changes_of(number)[change](this, other)}
    submission = Submission(code, this.period.code, revision, "x.xlsx", RECEIVED, tuple(edits.values()))
    return workbook_bytes(country(), this, submission)


@st.composite
def _sent(draw: st.DrawFn) -> Sent:
    number = draw(st.integers(0, MONTHS + len(LONGER) - 1))
    changes = draw(st.lists(st.integers(0, len(changes_of(number)) - 1), max_size=3, unique=True))
    return Sent(
        draw(st.sampled_from(PROVINCES)), number, draw(st.integers(1, 3)), tuple(sorted(changes)),
        tuple(draw(st.lists(st.integers(0, 90 * 24 * 60), min_size=1, max_size=2, unique=True))),
    )  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """All that arrives, by the time of its arrival; the batches it happens to be processed in; moments to ask about."""

    arrivals: tuple[Arrival, ...]
    batches: tuple[tuple[Arrival, ...], ...]
    moments: tuple[datetime, ...]

    def until(self, moment: datetime) -> tuple[Arrival, ...]:
        return tuple(a for a in self.arrivals if a.received_at <= moment)


def _mail(sent: Sequence[Sent], chance: random.Random, moments: int) -> Mail:
    names = count(1)
    arrivals = sorted(
        (
            Arrival(f"{s.code}-{s.number}-L{s.revision}-{next(names):02d}.xlsx", s.data, START + timedelta(minutes=m))
            for s in sent
            for m in s.minutes
        ),
        key=lambda a: (a.received_at, a.name),
    )
    shuffled = arrivals[:]
    chance.shuffle(shuffled)
    cuts = sorted({0, len(shuffled), *(chance.randrange(1, len(shuffled)) for _ in range(2))})
    batches = tuple(tuple(shuffled[a:b]) for a, b in pairwise(cuts))
    # The last moment is the end, which law 3 sees; before the first there is nothing.
    past = sorted({a.received_at for a in arrivals})[:-1]
    return Mail(tuple(arrivals), batches, tuple(sorted(chance.sample(past, min(moments, len(past))))))


#: Between them: a lower revision after a higher one, a month after the next, a held revision, the same bytes twice with
#: the later copy processed first, a fair stated by two months of which one takes it back, an event reported late; rows
#: of the longer forms stated for two quarters or years, of which the later takes them back.
EVERYTHING = (
    Sent("34", 2, 1, (6, 8), (3_000,)),
    Sent("34", 0, 1, (), (9_000, 1_000)),
    Sent("34", 1, 1, (2, 4), (5_000,)),
    Sent("34", 2, 2, (0, 7), (20_000,)),
    Sent("34", 2, 3, (1,), (30_000,)),
    Sent("34", 0, 2, (0, 5), (40_000,)),
    Sent("34", 0, 1, (9,), (50_000,)),
    Sent("67", 1, 2, (3, 6), (6_000,)),
    Sent("67", 1, 1, (), (7_000,)),
    Sent("67", 0, 1, (3,), (8_000,)),
    Sent("34", 3, 1, (), (10_000,)),
    Sent("34", 4, 1, (2,), (11_000,)),
    Sent("34", 5, 1, (), (12_000,)),
    Sent("34", 6, 1, (2,), (13_000,)),
    Sent("34", 4, 2, (3,), (35_000,)),
    Sent("34", 6, 2, (3,), (36_000,)),
)


# --- what is compared --------------------------------------------------------------------------------------------

#: What a sibling leaves out: keys of what only today's submissions name, who took part in a fair being one of them.
NO_PAST = {"cooperative_key", "partner_key"}
DIMENSIONS = {
    "cooperative_as_of": ("dim_cooperative", "last_listed_period_code"),
    "member_as_of": ("dim_member", None),
    "fund_as_of": ("dim_fund", None),
}
RESTATED = (
    "organisation_count_restated", "fund_position_restated", "fund_loan_restated", "trade_fair_restated",
)  # fmt: skip


def columns_of(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The names of the columns of ``query``, in order."""
    return [name for name, *_ in con.execute(f"describe {query}").fetchall()]


def current(con: duckdb.DuckDBPyConnection, facts: Sequence[RecordedFact]) -> dict[str, list[str]]:
    """The current rows of a warehouse, by the macro that returns them as of a moment."""
    held = {}
    for fact in facts:
        columns = ", ".join(columns_of(con, f"from {fact.sibling}('9999-01-01')"))
        held[fact.sibling] = rows(con, f"select {columns} from {fact.table} where is_current")
    for macro, (table, left_out) in DIMENSIONS.items():
        held[macro] = rows(con, f"select {f'* exclude ({left_out})' if left_out else '*'} from {table}")
    return held | {macro: rows(con, f"select * from {macro}('34')") for macro in RESTATED}


def known(con: duckdb.DuckDBPyConnection, facts: Sequence[RecordedFact], moment: datetime) -> dict[str, list[str]]:
    """What a warehouse returns as of ``moment``."""
    at = {"at": moment}
    siblings = (*(fact.sibling for fact in facts), *DIMENSIONS)
    as_of = {macro: rows(con, f"select * from {macro}($at)", at) for macro in siblings}
    return as_of | {macro: rows(con, f"select * from {macro}('34', $at)", at) for macro in RESTATED}


def vintages(con: duckdb.DuckDBPyConnection, before: date) -> list[str]:
    """National figures as they stood on days that were over."""
    return rows(
        con,
        "select * exclude (is_latest) from mart_national_series "
        "where source_kind = 'provincial_reports' and vintage_on < $before",
        {"before": before},
    )


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every mart, as a hash of its rows in any order."""
    names = con.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by 1").fetchall()
    return {name: table_content(con, f"marts.{name}").sha256 for (name,) in names}


def check_ranges(con: duckdb.DuckDBPyConnection, facts: Sequence[RecordedFact]) -> None:
    """Law 2: no two statements of one thing count at one moment, and of what is stated now exactly one is current."""
    for fact in facts:
        table, keys = fact.table, ", ".join(fact.key)
        columns = set(columns_of(con, f"from {table}"))
        assert columns - set(columns_of(con, f"from {fact.sibling}('9999-01-01')")) <= NO_PAST, table
        overlapping = con.execute(
            f"select {keys}, recorded_from, recorded_to, "
            f"lead(recorded_from) over (partition by {keys} order by recorded_from, recorded_to) as next_from "
            f"from {table} where recorded_to is null or recorded_to > recorded_from "
            "qualify next_from < coalesce(recorded_to, timestamp 'infinity')"
        ).fetchall()
        assert overlapping == [], table
        doubled = con.execute(f"select {keys} from {table} where is_current group by all having count(*) > 1")
        assert doubled.fetchall() == [], table
        odd = con.execute(f"select * from {table} where is_current <> (recorded_to is null)").fetchall()
        assert odd == [], table
        if "sheet" in columns:
            listed = con.execute(
                f"select count(distinct ({keys})) from {table} where artifact_sha256 || sheet in (select "
                "r.artifact_sha256 || s.sheet from intermediate.int_submission_form_recorded as r "
                "inner join staging.stg_sheet as s using (artifact_sha256, form) where r.is_current)"
            ).fetchone()
            stated = f"select count(*) from {table} where is_current and artifact_sha256 is not null"
            assert listed == con.execute(stated).fetchone(), table
    clash = con.execute(
        "select a.org_code from dim_cooperative_history as a inner join dim_cooperative_history as b on "
        "a.org_code = b.org_code and (a.valid_from, a.recorded_from) < (b.valid_from, b.recorded_from) "
        "and b.valid_from <= coalesce(a.valid_to, date '9999-01-01') "
        "and a.valid_from <= coalesce(b.valid_to, date '9999-01-01') "
        "and b.recorded_from < coalesce(a.recorded_to, timestamp 'infinity') "
        "and a.recorded_from < coalesce(b.recorded_to, timestamp 'infinity')"
    )
    assert clash.fetchall() == [], "two versions of an organisation are true on one day, at one moment"
    single = con.execute(
        "select org_code from dim_cooperative group by 1 having count(*) filter (is_latest_version) <> 1 "
        "or count(*) filter (valid_to is null) <> 1"
    )
    assert single.fetchall() == []


def check_laws(builds: Builds, root: Path, mail: Mail) -> None:
    end, facts = mail.arrivals[-1].received_at, builds.facts
    in_order = builds.warehouse(root / "in-order", [mail.arrivals])
    shuffled = builds.warehouse(root / "shuffled", mail.batches)
    with opened(in_order) as one, opened(shuffled) as other:
        assert contents(one) == contents(other)
    with opened(in_order) as con:
        check_ranges(con, facts)
        today = current(con, facts)
        assert known(con, facts, end) == today
        assert known(con, facts, FOREVER) == today
        as_of = {moment: known(con, facts, moment) for moment in mail.moments}
        earlier_vintages = {moment: vintages(con, (moment + timedelta(hours=7)).date()) for moment in mail.moments}
    for number, moment in enumerate(mail.moments):
        earlier = builds.warehouse(root / f"until-{number}", [mail.until(moment)])
        with opened(earlier) as con:
            assert as_of[moment] == current(con, facts), moment
            assert earlier_vintages[moment] == vintages(con, (moment + timedelta(hours=7)).date()), moment


# --- the tests ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    return Builds(tmp_path_factory.mktemp("dbt"))


def test_the_laws_hold_for_everything_that_may_go_wrong(builds: Builds, tmp_path: Path) -> None:
    mail = _mail(EVERYTHING, random.Random(3), moments=2)
    backwards = mail.arrivals[::-1]
    mail = replace(mail, batches=tuple(backwards[start : start + 3] for start in range(0, len(backwards), 3)))
    check_laws(builds, tmp_path, mail)
    with opened(tmp_path / "in-order" / "build" / "warehouse.duckdb") as con:
        recorded = (
            "select count(*) filter (recorded_to {} recorded_from) from intermediate.int_submission_form_recorded"
        )
        assert con.execute(recorded.format("=")).fetchone() != (0,), "no statement came after a better one"
        assert con.execute(recorded.format(">")).fetchone() != (0,), "no statement was superseded"
        assert con.execute("select count(*) from intermediate.int_submission_held").fetchone() != (0,)
        # Stated for one period, stated again for a later one, which then takes it back.
        several = [fact.table for fact in builds.facts if not any("period_code" in part for part in fact.key)]
        twice = "select row_id from {} where row_id is not null group by 1 having count(*) > 1"
        assert [table for table in several if not con.execute(twice.format(table)).fetchall()] == []
        late = "select count(*) from dim_cooperative_history where valid_from < date_trunc('month', recorded_from)"
        assert con.execute(late).fetchone() != (0,)


def test_a_table_built_by_increments_is_the_table_built_at_once(
    builds: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the keys that new statements affect are rebuilt, also what is listed again and what is taken back."""
    large = (
        "select split_part(node, '.', 3), rebuilt from early_cutoff.node_state where rebuilt is not null order by all"
    )
    # All tables but those that name the batch in which a workbook was read.
    tables = (
        "select node, content from early_cutoff.node_state where node like 'model.%' and content like '% rows %' and "
        "split_part(node, '.', 3) not in "
        "(select table_name from duckdb_columns() where column_name in ('fixed', 'batch_id')) order by all"
    )
    arrivals = _mail(EVERYTHING, random.Random(3), moments=0).arrivals
    with opened(builds.warehouse(tmp_path / "at-once", [arrivals], "rec_residual")) as con:
        assert {rebuilt for _, rebuilt in con.execute(large).fetchall()} == {"whole"}
        at_once = con.execute(tables).fetchall()
    builds.warehouse(tmp_path / "by-increments", [arrivals[:5]], "rec_residual")
    affected: set[str] = set()
    monkeypatch.setattr(raw_compaction, "LEAST_BATCHES", 2)
    for batch in (arrivals[5:8], arrivals[8:]):
        with opened(builds.warehouse(tmp_path / "by-increments", [batch], "rec_residual")) as con:
            increments = dict(con.execute(large).fetchall())
            assert "whole" not in increments.values()
            affected |= {table for table, rebuilt in increments.items() if rebuilt == "affected"}
            by_increments = con.execute(tables).fetchall()
        # The next increment reads the same rows from fewer files.
        compacted = raw_compaction.compact(RawZone(tmp_path / "by-increments" / "raw"))
        assert compacted.files_after < compacted.files_before
    assert affected == increments.keys() >= {"fct_membership", "int_cooperative_statement", "rec_stock_split"}
    assert by_increments == at_once


_hypothesis = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _any_mail(moments: int) -> st.SearchStrategy[Mail]:
    sent = st.lists(_sent(), min_size=4, max_size=9, unique_by=lambda s: s.minutes[0])
    return st.builds(_mail, sent, st.randoms(use_true_random=False), st.just(moments))


@settings(_hypothesis, max_examples=2)
@given(mail=_any_mail(moments=1))
def test_the_laws_hold_for_any_mail(builds: Builds, tmp_path_factory: pytest.TempPathFactory, mail: Mail) -> None:
    check_laws(builds, tmp_path_factory.mktemp("mail"), mail)


@pytest.mark.slow
@settings(_hypothesis, max_examples=25)
@given(mail=_any_mail(moments=3))
def test_the_laws_hold_for_much_mail(builds: Builds, tmp_path_factory: pytest.TempPathFactory, mail: Mail) -> None:
    check_laws(builds, tmp_path_factory.mktemp("mail"), mail)
