"""Checks of rows: the law of each kind, the declarations of every form, and the faults of a tired officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.row_suites import judge_checks
from expectations.validation import Context
from ingestion.forms.check_sql import FINDING_COLUMNS, compiled, findings_sql, shown
from ingestion.forms.checks import Check, identifiers, ranges
from ingestion.forms.definition import Column, Form, FormError, load_forms
from ingestion.samples.workbooks import Edit, RawText
from ingestion.submissions.form_check import unchecked
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.row_checks import with_findings
from ingestion.vietnamese.personal import HIDDEN, is_tax_code
from tests.conftest import KEY
from tests.workbooks import report, workbook

FIRST, LAST = date(2021, 11, 1), date(2021, 11, 30)
TYPES = {"day": "date", "other_day": "date", "number": "integer", "other": "integer", "third": "integer",
         "born": "year", "rate": "percent", "amount": "money", "id": "text"}  # fmt: skip
days = st.none() | st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=40))
numbers = st.none() | st.integers(-3, 6)
#: An example is a table of rows: one query judges them all.
quick = settings(max_examples=8, deadline=None)


def rows_of(*values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.tuples(*values), min_size=20, max_size=60)


def a_form(column: str, **entry: Any) -> Form:
    """A form whose ``column`` has one check."""
    made = [
        Column.model_validate({
            "name": name, "type": kind, "header": [name], "vi": "x.", "en": "x.", "key": name == "id",
            "unit": "million_vnd" if kind == "money" else "percent_per_month" if kind == "percent" else None,
            "checks": [entry] if name == column else [],
        })
        for name, kind in TYPES.items()
    ]  # fmt: skip
    return Form(
        code="BIEU_99", version="1", valid_from="2018-01", kind="table", title="x", vi="x", en="x", columns=made
    )


ARROW = {"date": pa.date32(), "integer": pa.int64(), "year": pa.int32(), "percent": pa.decimal128(12, 6),
         "text": pa.string(), "money": pa.decimal128(24, 0)}  # fmt: skip
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("row_id", "artifact_sha256", "sheet", "form", "form_version")]
    + [("row_number", pa.int32()), ("period_starts_on", pa.date32()), ("period_ends_on", pa.date32())]
    + [(name, ARROW[kind]) for name, kind in TYPES.items()]
)


def table_of(form: Form, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """``rows`` as staging has them; ``row_id`` is the place of a row."""
    known = {"artifact_sha256": "a", "sheet": "s", "row_number": 9, "form": form.code, "form_version": "1",
             "period_starts_on": FIRST, "period_ends_on": LAST}  # fmt: skip
    return pa.Table.from_pylist([{"row_id": str(at), **known, **row} for at, row in enumerate(rows)], schema=SCHEMA)


def findings(form: Form, rows: Sequence[Mapping[str, Any]], fair: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The findings in ``rows``; ``row_id`` is the place of a row."""
    with duckdb.connect() as con:
        con.register("judged", table_of(form, rows))
        con.register("fair", pa.table({"artifact_sha256": ["a"] * len(fair), "fair_code": pa.array(fair, pa.string())}))
        found = con.execute(findings_sql(form, "judged", {"BIEU_05A": "fair"})).fetchall()
    return [dict(zip(FINDING_COLUMNS, row, strict=True)) for row in found]


def judged_by_gx(form: Form, rows: Sequence[Mapping[str, Any]], fair: Sequence[str] = ()) -> list[int]:
    """The places of the rows in which Great Expectations finds something; judged again, nothing is judged twice."""
    with duckdb.connect() as con, TemporaryDirectory() as folder:
        con.register("given_rows", table_of(form, rows))
        con.execute(
            "create table judged as from given_rows; create table fair (artifact_sha256 varchar, fair_code varchar)"
        )
        con.executemany("insert into fair values (?, ?)", [("a", code) for code in fair] or [("other", None)])
        given_rows = ("judged", compiled(form), "select * from judged", {"BIEU_05A": "fair"}, Path(folder))
        first, found = judge_checks(con, Context(con), *given_rows)
        again, found_again = judge_checks(con, Context(con), *given_rows)
        assert found_again == found and again == 0 and first in (0, len(rows))
    return sorted({int(row_id) for _, row_id in found})


def holds(form: Form, rows: Sequence[Mapping[str, Any]], violated: Sequence[bool], fair: Sequence[str] = ()) -> None:
    """The law of every check: a row that violates it is found once, a row that does not is not found.

    By the SQL that holds and flags rows, and by Great Expectations.
    """
    found = sorted(int(finding["row_id"]) for finding in findings(form, rows, fair))
    assert found == [at for at, is_violated in enumerate(violated) if is_violated]
    assert judged_by_gx(form, rows, fair) == found


def found(form: Form, **values: Any) -> list[dict[str, Any]]:
    """The findings in one row."""
    return findings(form, [values])


@pytest.mark.parametrize("empty", ["skip", "fail"])
@pytest.mark.parametrize("kind", ["after", "not_before"])
@given(rows=rows_of(days, days))
@quick
def test_days_in_order(kind: str, empty: str, rows: list[tuple[date | None, date | None]]) -> None:
    form = a_form("day", **{kind: "other_day"}, severity="hold", empty=empty)

    def violates(day: date | None, other: date | None) -> bool:
        if day is None or other is None:
            return empty == "fail"
        return day <= other if kind == "after" else day < other

    holds(form, [{"day": day, "other_day": other} for day, other in rows], [violates(*row) for row in rows])


@given(rows=rows_of(days), before=st.integers(0, 30) | st.just("any"), after=st.integers(0, 30))
@quick
def test_days_around_the_period(rows: list[tuple[date | None]], before: int | str, after: int) -> None:
    form = a_form("day", within_period={"days_before": before, "days_after": after}, severity="flag")

    def violates(day: date | None) -> bool:
        early = day is not None and isinstance(before, int) and (FIRST - day).days > before
        return early or (day is not None and (day - LAST).days > after)

    holds(form, [{"day": day} for (day,) in rows], [violates(*row) for row in rows])


@pytest.mark.parametrize("empty", ["skip", "zero", "fail"])
@pytest.mark.parametrize("kind", ["at_most", "at_least", "part_of", "sum_of"])
@given(rows=rows_of(numbers, numbers, numbers), tolerance=st.integers(0, 2))
@quick
def test_numbers_against_columns(kind: str, empty: str, rows: list[tuple[int | None, ...]], tolerance: int) -> None:
    form = a_form("number", **{kind: "other + third"}, severity="hold", empty=empty, tolerance=tolerance)

    def violates(*values: int | None) -> bool:
        if None in values and empty != "zero":
            return empty == "fail"
        one, two, three = (value or 0 for value in values)
        gap = one - two - three
        return {"sum_of": abs(gap), "at_least": -gap}.get(kind, gap) > tolerance

    named = [dict(zip(("number", "other", "third"), row, strict=True)) for row in rows]
    holds(form, named, [violates(*row) for row in rows])


@given(rows=rows_of(st.none() | st.integers(2019, 2023), days))
@quick
def test_a_year_against_a_day(rows: list[tuple[int | None, date | None]]) -> None:
    form = a_form("born", at_most="day", severity="hold")
    violated = [born is not None and day is not None and born > day.year for born, day in rows]
    holds(form, [{"born": born, "day": day} for born, day in rows], violated)


@given(rates=rows_of(st.none() | st.decimals(-5, 90, places=2)))
@quick
def test_a_range_holds_the_impossible_and_flags_the_unusual(rates: list[tuple[Decimal | None]]) -> None:
    limits = ranges()["loan_rate"]
    assert limits.possible == (0, 60) and limits.usual == (0, 20)
    severities = {
        int(finding["row_id"]): finding["severity"]
        for finding in findings(a_form("rate", between="loan_rate"), [{"rate": rate} for (rate,) in rates])
    }
    assert severities == {
        at: "flag" if 0 <= rate <= 60 else "hold"
        for at, (rate,) in enumerate(rates)
        if rate is not None and not 0 <= rate <= 20
    }


@given(rows=rows_of(days))
@quick
def test_a_range_may_end_with_the_period(rows: list[tuple[date | None]]) -> None:
    far = [(LAST + timedelta(days=more),) for more in (365, 366, 367)]
    found = findings(a_form("day", between="past_day"), [{"day": day} for (day,) in [*rows, *far]])
    assert {int(finding["row_id"]): finding["severity"] for finding in found} == {
        at: "flag" if (day - LAST).days <= 366 else "hold"
        for at, (day,) in enumerate([*rows, *far])
        if day is not None and day > LAST
    }


@given(typed=st.lists(st.integers(0, 10**9 - 1), min_size=5, max_size=5))
@quick
def test_tax_codes_end_in_their_check_digit(typed: list[int]) -> None:
    rows = [f"{digits:09d}{last}" for digits in typed for last in range(10)]
    violated = [not is_tax_code(code) for code in rows]
    holds(a_form("id", matches="tax_code", severity="flag"), [{"id": code} for code in rows], violated)


@pytest.mark.parametrize("kind", ["tax_code", "code"])
def test_what_a_spreadsheet_makes_of_an_identifier_is_found(kind: str) -> None:
    typed = ["3,3E+09", "3.3E+09", "100109106.0", "#N/A", "", " 1", "x" * 61]
    holds(a_form("id", matches=kind, severity="hold"), [{"id": text} for text in typed], [True] * len(typed))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("tax_code", ["0100109106", "0100109106-001", None]), ("code", ["HTX-01-000001", "12", "HĐ 05/2021", None])],
)
def test_an_identifier_in_order_is_not_found(kind: str, typed: list[str | None]) -> None:
    holds(a_form("id", matches=kind, severity="hold"), [{"id": text} for text in typed], [False] * len(typed))


@given(rows=rows_of(st.none() | st.sampled_from("abc")), fair=st.lists(st.sampled_from("ab"), unique=True))
@quick
def test_a_reference_within_the_file(rows: list[tuple[str | None]], fair: list[str]) -> None:
    form = a_form("id", references="BIEU_05A.fair_code", severity="flag")
    violated = [code is not None and bool(fair) and code not in fair for (code,) in rows]
    holds(form, [{"id": code} for (code,) in rows], violated, fair)


def test_a_finding_is_worded_as_the_sender_writes() -> None:
    (rate,) = found(a_form("rate", between="loan_rate"), rate=Decimal(86))
    assert (rate["found_text"], rate["expected_text"]) == ("7,1667", "từ 0 đến 5")
    (amount,) = found(a_form("amount", at_most="amount", severity="hold", tolerance=-1), amount=1_234_500_000)
    assert (amount["found_text"], amount["expected_text"]) == ("1234,5", "không lớn hơn “amount” (1234,5)")
    (day,) = found(a_form("day", after="other_day", severity="hold"), day=FIRST, other_day=LAST)
    assert (day["found_text"], day["expected_text"]) == ("01/11/2021", "ngày sau “other_day” (30/11/2021)")
    (own,) = found(a_form("day", after="other_day", severity="hold", vi="hạn sau ngày ký"), day=FIRST, other_day=LAST)
    assert own["expected_text"] == "hạn sau ngày ký (30/11/2021)"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"severity": "hold"}, "one kind"),
        ({"after": "a", "not_before": "b", "severity": "hold"}, "one kind"),
        ({"after": "a"}, "severity"),
        ({"between": "area", "severity": "hold"}, "severity"),
        ({"within_period": {"days_before": "any", "days_after": "any"}, "severity": "hold"}, "one side"),
    ],
)
def test_a_check_that_is_none_is_refused(entry: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Check.model_validate(entry)


@pytest.mark.parametrize(
    ("column", "entry"),
    [
        ("day", {"after": "nothing", "severity": "hold"}),
        ("day", {"after": "number", "severity": "hold"}),
        ("number", {"between": "nothing"}),
        ("id", {"matches": "nothing", "severity": "hold"}),
        ("id", {"references": "BIEU_05A.nothing", "severity": "hold"}),
    ],
)
def test_a_check_that_cannot_be_compiled_names_form_and_column(column: str, entry: dict[str, Any]) -> None:
    with pytest.raises(FormError, match=f"BIEU_99: column {column}"):
        compiled(a_form(column, **entry))


def test_every_column_that_can_be_wrong_has_a_check_or_a_reason() -> None:
    bare = a_form("number", at_least="other", severity="flag")
    lacking = [lack.what.split()[1] for lack in unchecked(bare)]
    assert lacking == [name for name, kind in TYPES.items() if name != "number" and kind != "text"]
    broken = a_form("number", at_least="nothing", severity="flag")
    assert "names nothing, which is no column" in [lack.what for lack in unchecked(broken)][-1]
    assert [lack for form in load_forms().values() for lack in unchecked(form)] == []


def test_no_limit_is_declared_for_nothing() -> None:
    declared = [c for form in load_forms().values() for column in form.columns for c in column.checks]
    assert set(ranges()) == {c.between for c in declared if c.between}
    assert set(identifiers()) == {c.matches for c in declared if c.matches}


def judged(*edits: Edit) -> WorkbookReading:
    form = edits[0].form if edits else "BIEU_01"
    code = next(code for code in ("01", "25", "75") if report(code).rows[form])
    return with_findings(read_workbook(workbook(*edits, code=code), KEY))


def test_a_truthful_report_has_no_finding() -> None:
    reading = judged()
    assert (reading.outcome, reading.problems, reading.total("held")) == ("accepted", [], 0)


#: As a tired officer fills it in: form, column, value, severity, a word of what was expected.
TIRED = [
    ("BIEU_04B", "rate_per_year_pct", Decimal(86), "held", "từ 0 đến 5"),
    ("BIEU_04B", "due_on", date(2012, 3, 1), "held", "ngày sau “Ngày ký”"),
    ("BIEU_04B", "overdue_vnd", 10**12, "held", "không lớn hơn “Dư nợ”"),
    ("BIEU_04B", "repaid_vnd", 10**12, "held", "không lớn hơn “Lũy kế – Giải ngân”"),
    ("BIEU_05A", "ended_on", date(2020, 11, 9), "held", "ngày không trước “Thời gian – Từ ngày”"),
    ("BIEU_05A", "started_on", date(2012, 11, 9), "held", "ngày trong khoảng"),
    ("BIEU_05B", "fair_code", "HC-99-2021-11-9", "flagged", "có trong cột “Mã hội chợ”"),
    ("BIEU_05C", "value_vnd", 10**15, "held", "từ 0 đến"),
    ("BIEU_03", "capital_contributed_vnd", 34_400 * 10**9, "held", "từ 0 đến"),
    ("BIEU_03", "left_on", date(2001, 1, 1), "held", "ngày không trước “Ngày vào”"),
    ("BIEU_02", "tax_code", RawText("3,3E+09"), "flagged", "mã số thuế 10 chữ số"),
    ("BIEU_02", "founded_on", date(2121, 5, 4), "held", "ngày trong khoảng"),
    ("BIEU_01", "stopped_count", 99_999, "flagged", "không lớn hơn “Số lượng tổ chức – Cuối kỳ”"),
]


@pytest.mark.parametrize(("form", "column", "value", "level", "said"), TIRED)
def test_faults_of_a_tired_officer_are_found(form: str, column: str, value: Any, level: str, said: str) -> None:
    reading = judged(Edit("set", form, column, 0, value))
    (sheet,) = (s for s in reading.sheets if s.form and s.form.code == form)
    about = [p for p in reading.problems if p.column == column and p.level == level and said in (p.expected or "")]
    assert len(about) == 1 and about[0].cell and about[0].cell in about[0].message
    assert (
        sheet.held == (level == "held") and sheet.read == sheet.loaded + sheet.rejected + sheet.held + sheet.duplicate
    )
    assert reading.outcome == ("partial" if level == "held" else "accepted")


def test_a_value_beside_personal_columns_is_never_quoted() -> None:
    reading = judged(Edit("set", "BIEU_03", "left_on", 0, date(2001, 1, 1)))
    about = [p for p in reading.problems if p.form == "BIEU_03"]
    assert {p.found for p in about} == {HIDDEN}
    assert not any(digits in f"{p.message}{p.expected}" for p in about for digits in ("2001", "2021"))


def test_each_version_judges_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    older = a_form("number", at_most="other", severity="hold")
    newer = a_form("number", at_least="other", severity="flag").model_copy(update={"version": "2"})
    monkeypatch.setattr("ingestion.forms.check_sql.form_versions", lambda: {"BIEU_99": (newer, older)})
    rows = [{"number": number, "other": 1, "form_version": version} for version in ("1", "2") for number in (0, 2)]
    found = {(finding["row_id"], finding["severity"]) for finding in findings(newer, rows)}
    assert found == {("1", "hold"), ("2", "flag")}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("principal_vnd", 10**18 - 10**6, "999999999999"),
        ("principal_vnd", 12_345_678, "12,3457"),
        ("principal_vnd", -5_000_000, "-5"),
        ("principal_vnd", 0, "0"),
        ("rate_per_year_pct", Decimal("7.8"), "0,65"),
    ],
)
def test_a_number_is_shown_in_the_unit_of_its_column(name: str, value: int | Decimal, text: str) -> None:
    column = next(column for column in load_forms()["BIEU_04B"].columns if column.name == name)
    assert duckdb.sql(f"select {shown(column, str(value))}").fetchone() == (text,)
