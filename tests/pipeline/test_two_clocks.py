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

from ingestion.samples.country import Country, Report, Settings, Value
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from tests.builds import Arrival, Builds, opened, rows
from tests.workbooks import RECEIVED
from warehouse.content import table_content

START = datetime(2021, 10, 2, 3)
FOREVER = datetime(9999, 1, 1)
PROVINCES = ("34", "67")


@cache
def country() -> Country:
    """Three provinces, two of which have a fund, fairs and new members in three months; a dozen organisations each."""
    return Country(Settings(provinces=3, months=3, scale=0.02, seed=7))


@cache
def report(code: str, month: int) -> Report:
    return country().reports(code)[month]


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


CHANGES: tuple[Change, ...] = (
    more_founded, does_not_add_up, stopped, stopped_long_ago, renamed, left_out, fair_again, fair_left_out,
    member_again, fund_grew,
)  # fmt: skip


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
    month: int
    revision: int
    changes: tuple[int, ...]
    minutes: tuple[int, ...]

    @property
    def data(self) -> bytes:
        return _workbook(self.code, self.month, self.revision, self.changes)


@cache
def _workbook(code: str, month: int, revision: int, changes: tuple[int, ...]) -> bytes:
    this, other = report(code, month), report(code, 0 if month else 1)
    edits: dict[tuple[str, str, int], Edit] = {}
    for number in changes:
        edits |= {(e.form, e.column, e.row): e for e in CHANGES[number](this, other)}
    submission = Submission(code, this.period.code, revision, "x.xlsx", RECEIVED, tuple(edits.values()))
    return workbook_bytes(country(), this, submission)


@st.composite
def _sent(draw: st.DrawFn) -> Sent:
    changes = draw(st.lists(st.integers(0, len(CHANGES) - 1), max_size=3, unique=True))
    return Sent(
        draw(st.sampled_from(PROVINCES)), draw(st.integers(0, 2)), draw(st.integers(1, 3)), tuple(sorted(changes)),
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
            Arrival(f"{s.code}-{s.month}-L{s.revision}-{next(names):02d}.xlsx", s.data, START + timedelta(minutes=m))
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
#: the later copy processed first, a fair stated by two months of which one takes it back, an event reported late.
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
)


# --- what is compared --------------------------------------------------------------------------------------------

#: Table macro -> its fact, what makes two rows statements of one thing, and the form that states it.
FACTS = {
    "organisation_count_as_of": (
        "fct_organisation_count", ("province_key", "period_code", "org_type_code", "sector_code"), "bieu_01",
    ),
    "organisation_event_as_of": (
        "fct_organisation_event", ("org_code", "event_kind_code", "coalesce(event_on::varchar, period_code)"), None,
    ),
    "membership_as_of": ("fct_membership", ("member_key", "org_code", "joined_on"), "bieu_03"),
    "fund_position_as_of": ("fct_fund_position", ("province_key", "period_code", "fund_code"), "bieu_04a"),
    "fund_loan_as_of": ("fct_fund_loan", ("province_key", "period_code", "loan_code"), "bieu_04b"),
    "trade_fair_as_of": ("fct_trade_fair", ("fair_code",), "bieu_05a"),
    "trade_fair_participation_as_of": ("fct_trade_fair_participation", ("fair_code", "org_code"), "bieu_05b"),
    "contract_as_of": ("fct_contract", ("contract_code",), "bieu_05c"),
}  # fmt: skip
DIMENSIONS = {
    "cooperative_as_of": ("dim_cooperative", "last_listed_period_code"),
    "member_as_of": ("dim_member", None),
    "fund_as_of": ("dim_fund", None),
}
RESTATED = (
    "organisation_count_restated", "fund_position_restated", "fund_loan_restated", "trade_fair_restated",
)  # fmt: skip
#: Who took part is told from today's registers, by code or by name: that judgement has no past.
NO_PAST = {"fct_trade_fair_participation": "cooperative_key"}


def _columns(left_out: str | None) -> str:
    return f"* exclude ({left_out})" if left_out else "*"


def current(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """What a warehouse holds to be so, by the macro that would tell it."""
    held = {
        macro: rows(con, f"select {_columns(NO_PAST.get(table))} from {table} where is_current")
        for macro, (table, _, _) in FACTS.items()
    }
    held |= {macro: rows(con, f"select {_columns(out)} from {table}") for macro, (table, out) in DIMENSIONS.items()}
    return held | {macro: rows(con, f"select * from {macro}('34')") for macro in RESTATED}


def known(con: duckdb.DuckDBPyConnection, moment: datetime) -> dict[str, list[str]]:
    """What a warehouse says was known at ``moment``."""
    at = {"at": moment}
    told = {macro: rows(con, f"select * from {macro}($at)", at) for macro in (*FACTS, *DIMENSIONS)}
    return told | {macro: rows(con, f"select * from {macro}('34', $at)", at) for macro in RESTATED}


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


def check_ranges(con: duckdb.DuckDBPyConnection) -> None:
    """Law 2: no two statements of one thing speak at one moment, and of what is stated now exactly one is current."""
    for table, key, form in FACTS.values():
        keys = ", ".join(key)
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
        if form is not None:
            listed = con.execute(
                f"select count(distinct ({keys})) from {table} where artifact_sha256 || sheet in (select "
                "r.artifact_sha256 || s.sheet from intermediate.int_submission_form_recorded as r "
                f"inner join staging.stg_{form} as s using (artifact_sha256, form) where r.is_current)"
            ).fetchone()
            assert listed == con.execute(f"select count(*) from {table} where is_current").fetchone(), table
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
        "select org_code from dim_cooperative group by 1 having count(*) filter (is_current) <> 1 "
        "or count(*) filter (valid_to is null) <> 1"
    )
    assert single.fetchall() == []


def check_laws(builds: Builds, root: Path, mail: Mail) -> None:
    end = mail.arrivals[-1].received_at
    in_order = builds.warehouse(root / "in-order", [mail.arrivals])
    shuffled = builds.warehouse(root / "shuffled", mail.batches)
    with opened(in_order) as one, opened(shuffled) as other:
        assert contents(one) == contents(other)
    with opened(in_order) as con:
        check_ranges(con)
        today = current(con)
        assert known(con, end) == today
        assert known(con, FOREVER) == today
        then = {moment: known(con, moment) for moment in mail.moments}
        told = {moment: vintages(con, (moment + timedelta(hours=7)).date()) for moment in mail.moments}
    for number, moment in enumerate(mail.moments):
        earlier = builds.warehouse(root / f"until-{number}", [mail.until(moment)])
        with opened(earlier) as con:
            assert then[moment] == current(con), moment
            assert told[moment] == vintages(con, (moment + timedelta(hours=7)).date()), moment


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
        twice = "select row_id from fct_trade_fair group by 1 having count(*) > 1"
        assert con.execute(twice).fetchall(), "no fair is stated, restated by a later month and taken back"
        late = "select count(*) from dim_cooperative_history where valid_from < date_trunc('month', recorded_from)"
        assert con.execute(late).fetchone() != (0,)


def test_a_table_built_by_increments_is_the_table_built_at_once(builds: Builds, tmp_path: Path) -> None:
    """Only the keys that new statements affect are rebuilt, also what is listed again and what is taken back."""
    large = (
        "select split_part(node, '.', 3), rebuilt from early_cutoff.node_state where rebuilt is not null order by all"
    )
    # All tables but those that name the batch in which a workbook was read.
    tables = (
        "select node, content from early_cutoff.node_state where content like '% rows %' and split_part(node, '.', 3) "
        "not in (select table_name from duckdb_columns() where column_name in ('fixed', 'batch_id')) order by all"
    )
    arrivals = _mail(EVERYTHING, random.Random(3), moments=0).arrivals
    with opened(builds.warehouse(tmp_path / "at-once", [arrivals], "rec_residual")) as con:
        assert {rebuilt for _, rebuilt in con.execute(large).fetchall()} == {"whole"}
        at_once = con.execute(tables).fetchall()
    batches = [arrivals[:5], arrivals[5:8], arrivals[8:]]
    with opened(builds.warehouse(tmp_path / "by-increments", batches, "rec_residual")) as con:
        increments = dict(con.execute(large).fetchall())
        assert {"fct_membership", "int_cooperative_statement", "rec_stock_split"} <= increments.keys()
        assert [table for table, rebuilt in increments.items() if rebuilt != "affected"] == []
        assert con.execute(tables).fetchall() == at_once


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
