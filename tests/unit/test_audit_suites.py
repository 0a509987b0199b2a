"""Guards against silent results of Great Expectations: neither an empty batch nor an exception counts as a success."""

from __future__ import annotations

import great_expectations as gx
import pandas as pd
import pytest

from expectations.errors import AuditError
from expectations.registry import Severity, load_rules
from expectations.suites import FRAME_COLUMNS, build_suite, judge

SUITE = "reject"
RULE = "stock_split.total"
OTHER = "stock_split.status"


def frame(rows: list[tuple[str, str, bool, float | None, float | None]]) -> pd.DataFrame:
    built = pd.DataFrame(rows, columns=["residual_id", "rule_id", "is_comparable", "tolerance", "excess"])
    built["evaluated_rule"] = built["rule_id"].where(built["is_comparable"])
    built["severity"] = SUITE
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


def test_failing_rows_are_named() -> None:
    (verdict,) = judge(GOOD, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2})
    assert [(j.rule_id, j.evaluated, j.failed) for j in verdict.judgements] == [
        (OTHER, 2, ("e", "f")),
        (RULE, 3, ("b",)),
    ]


def test_a_batch_without_rows_is_an_error_where_rows_were_declared() -> None:
    with pytest.raises(AuditError, match="expect_table_row_count_to_equal"):
        judge(GOOD.iloc[:0], load_rules(), rows={SUITE: 6}, comparable={RULE: 3})


def test_a_rule_evaluated_on_fewer_rows_than_declared_is_an_error() -> None:
    with pytest.raises(AuditError, match=r"4 residuals declared, 3 evaluated"):
        judge(GOOD, load_rules(), rows={SUITE: 6}, comparable={RULE: 4, OTHER: 2})


def test_a_rule_of_which_no_row_arrived_is_an_error_not_a_pass() -> None:
    with pytest.raises(AuditError, match=r"1 residuals declared, 0 evaluated"):
        judge(GOOD, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2, "stock_split.non_agriculture": 1})


@pytest.mark.parametrize("column", ["excess", "tolerance", "rule_id"])
def test_an_expectation_that_raised_is_an_error_not_a_failure(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    monkeypatch.setattr("expectations.suites.FRAME_COLUMNS", tuple(c for c in FRAME_COLUMNS if c != column))
    with pytest.raises(AuditError, match="raised instead of judging"):
        judge(GOOD, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2})


def test_an_all_null_column_is_an_error() -> None:
    hollow = GOOD.assign(excess=None)
    with pytest.raises(AuditError, match="malformed"):
        judge(hollow, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2})


def test_a_dropped_result_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    original = gx.datasource.fluent.interfaces.Batch.validate

    def forgetful(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        result.results = result.results[:-1]
        return result

    monkeypatch.setattr("great_expectations.datasource.fluent.interfaces.Batch.validate", forgetful)
    with pytest.raises(AuditError, match="results returned"):
        judge(GOOD, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2})


def test_a_suite_without_comparable_rows_judges_nothing() -> None:
    rules = [rule for rule in load_rules() if rule.severity is Severity.REJECT]
    judging = [e for e in build_suite(Severity.REJECT, rules, 6, {RULE: 3, OTHER: 0}).expectations if "rules" in e.meta]
    assert [e.meta["rules"] for e in judging] == [[RULE]]
    idle = build_suite(Severity.REJECT, rules, 6, {RULE: 0, OTHER: 0})
    assert not any("rules" in e.meta for e in idle.expectations)


def test_a_row_that_changed_its_rule_on_the_way_is_an_error() -> None:
    moved = GOOD.copy()
    moved.loc[0, "evaluated_rule"] = OTHER
    with pytest.raises(AuditError, match=r"3 residuals declared, 2 evaluated"):
        judge(moved, load_rules(), rows={SUITE: 6}, comparable={RULE: 3, OTHER: 2})
