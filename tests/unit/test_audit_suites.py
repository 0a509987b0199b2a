"""Guards against silent results of Great Expectations: neither an empty batch nor an exception counts as a success."""

from __future__ import annotations

from pathlib import Path

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import pytest

from expectations.errors import AuditError
from expectations.registry import load_rules
from expectations.row_suites import expectations_of, is_stock, judge_checks, judge_rows, rows_sql
from expectations.suites import FRAME_COLUMNS, family_suite, judge
from expectations.validation import Context, checked_results, suite_of
from ingestion.forms.check_sql import compiled, findings_sql
from ingestion.forms.definition import form_versions, load_forms

FAMILY = "stock_split"
RULE = "stock_split.total"
OTHER = "stock_split.status"


def frame(rows: list[tuple[str, str, bool, float | None, float | None]]) -> pd.DataFrame:
    built = pd.DataFrame(rows, columns=["residual_id", "rule_id", "is_comparable", "tolerance", "excess"])
    built["evaluated_rule"] = built["rule_id"].where(built["is_comparable"])
    built["family"] = FAMILY
    return built


GOOD = frame(
    [
        ("a", RULE, True, 0.0, 0.0),
        ("b", RULE, True, 2.0, 1.0),
        ("c", RULE, True, 3.0, 0.0),
        ("d", RULE, False, None, None),
        ("e", OTHER, True, 0.0, 1.0),
        ("f", OTHER, True, 0.0, 9.0),
    ]
)


def test_failing_rows_are_named_rule_by_rule() -> None:
    shape, verdict = judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2})
    assert (shape.judgements, verdict.name) == ((), FAMILY)
    assert [(j.rule_id, j.evaluated, j.failed) for j in verdict.judgements] == [
        (OTHER, 2, ("e", "f")),
        (RULE, 3, ("b",)),
    ]


def test_a_batch_without_rows_is_an_error_where_rows_were_declared() -> None:
    with pytest.raises(AuditError, match="6 rows declared, 0 in the batch"):
        judge(GOOD.iloc[:0], load_rules(), rows={FAMILY: 6}, comparable={RULE: 3})


def test_a_rule_evaluated_on_fewer_rows_than_declared_is_an_error() -> None:
    with pytest.raises(AuditError, match=r"4 residuals declared, 3 evaluated"):
        judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 4, OTHER: 2})


def test_a_rule_of_which_no_row_arrived_is_an_error_not_a_pass() -> None:
    with pytest.raises(AuditError, match=r"1 residuals declared, 0 evaluated"):
        judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2, "stock_split.non_agriculture": 1})


def test_a_rule_of_another_family_is_an_error_not_a_pass() -> None:
    with pytest.raises(AuditError, match="no judgement for"):
        judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2, "roll_up.founded": 1})


@pytest.mark.parametrize("column", ["tolerance", "rule_id"])
def test_an_expectation_that_raised_is_an_error_not_a_failure(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    monkeypatch.setattr("expectations.suites.FRAME_COLUMNS", tuple(c for c in FRAME_COLUMNS if c != column))
    with pytest.raises(AuditError, match="raised instead of judging"):
        judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2})


def test_an_all_null_column_is_an_error() -> None:
    hollow = GOOD.assign(excess=None)
    with pytest.raises(AuditError, match="malformed"):
        judge(hollow, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2})


def test_a_dropped_result_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    original = gx.datasource.fluent.interfaces.Batch.validate

    def forgetful(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        result.results = result.results[:-1]
        return result

    monkeypatch.setattr("great_expectations.datasource.fluent.interfaces.Batch.validate", forgetful)
    with pytest.raises(AuditError, match="results returned"):
        judge(GOOD, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2})


def test_a_suite_has_one_expectation_for_each_rule_that_is_evaluated() -> None:
    rules = [rule for rule in load_rules() if rule.family == FAMILY]
    suite = family_suite(FAMILY, rules, 6, {RULE: 3, OTHER: 0})
    assert [(e.meta or {}).get("rule") for e in suite.expectations[1:]] == [RULE]


def test_a_row_that_changed_its_rule_on_the_way_is_an_error() -> None:
    moved = GOOD.copy()
    moved.loc[0, "evaluated_rule"] = OTHER
    with pytest.raises(AuditError, match=r"residuals declared, \d evaluated"):
        judge(moved, load_rules(), rows={FAMILY: 6}, comparable={RULE: 3, OTHER: 2})


def test_a_query_that_raised_is_an_error_not_a_failure() -> None:
    with duckdb.connect() as con:
        con.execute("create table rows_of as select 'a' as row_id")
        broken = gxe.UnexpectedRowsExpectation(unexpected_rows_query="select nothing from {batch}")
        suite = suite_of("broken", 1, [broken])
        with pytest.raises(AuditError, match="raised instead of judging"):
            checked_results(suite, Context(con).judge_query(suite, "select * from rows_of"))


def test_every_check_of_every_form_is_an_expectation() -> None:
    for versions in form_versions().values():
        for check in (check for form in versions for check in compiled(form)):
            assert is_stock(check) == bool(expectations_of(check)), check.check_id
            if not is_stock(check):
                assert check.other or check.pattern is None, f"{check.check_id}: has a stock expectation"


@pytest.fixture
def fairs(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """Three fairs in the shape of a build: one ends before it starts, one has a code that is no code, one is sound."""
    form = load_forms()["BIEU_05A"]
    con = duckdb.connect()
    con.execute("create schema staging; create schema intermediate")
    columns = ", ".join(f"{c.staged_name} {'date' if c.type == 'date' else 'bigint'}" for c in form.columns
                        if c.type in ("date", "integer", "money"))  # fmt: skip
    texts = ", ".join(f"{c.staged_name} varchar" for c in form.columns if c.type not in ("date", "integer", "money"))
    con.execute(f"create table staging.{form.staging} (row_id varchar, artifact_sha256 varchar, sheet varchar, "
                f"row_number integer, form varchar, form_version varchar, {columns}, {texts})")  # fmt: skip
    con.execute(
        "create table intermediate.int_submission as select 'a' as artifact_sha256, date '2021-11-01' as "
        "period_starts_on, date '2021-11-30' as period_ends_on"
    )
    for row_id, code, ends in (("1", "HC-1", 5), ("2", "HC-2", 1), ("3", "3,3E+09", 5)):
        con.execute(
            f"insert into staging.{form.staging} (row_id, artifact_sha256, fair_code, started_on, ended_on) "
            f"values ('{row_id}', 'a', '{code}', date '2021-11-03', date '2021-11-0{ends}')"
        )
    for version in form_versions().values():
        if version[0].kind == "table" and version[0].code != form.code:
            con.execute(f"create table staging.{version[0].staging} (artifact_sha256 varchar)")
    con.execute(
        f"create table intermediate.int_{form.table}_finding as {findings_sql(form, f'({rows_sql(form)})', {})}"
    )
    return con


def test_what_sql_holds_must_be_what_great_expectations_judged(
    fairs: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (verdict,) = judge_rows(fairs, tmp_path)
    assert verdict.table == "staging.stg_bieu_05a" and verdict.rows == verdict.judged == 3
    assert verdict.failed == {"bieu_05a.ended_on.not_before.started_on": 1, "bieu_05a.fair_code.matches": 1}
    fairs.execute("delete from intermediate.int_bieu_05a_finding where row_id = '2'")
    with pytest.raises(AuditError, match=r"found by Great Expectations only: .*ended_on"):
        judge_rows(fairs, tmp_path)


def test_only_rows_that_changed_are_judged_again(fairs: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    form = load_forms()["BIEU_05A"]

    def judged() -> tuple[int, set[tuple[str, str]]]:
        return judge_checks(fairs, Context(fairs), "fairs", compiled(form), rows_sql(form), {}, tmp_path)

    first = judged()
    assert first[0] == 3 and judged() == (0, first[1])
    fairs.execute("update staging.stg_bieu_05a set ended_on = date '2021-11-04' where row_id = '2'")
    assert judged() == (1, {("bieu_05a.fair_code.matches", "3")})
    (tmp_path / "fairs.parquet").write_bytes(b"cut off")
    assert judged() == (3, {("bieu_05a.fair_code.matches", "3")})
