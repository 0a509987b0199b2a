"""One suite per family of reconciliation rules on ``rec_residual``, one expectation per rule.

An expectation says that ``excess`` of the rule's residuals is at most 0; the rule's kind and tolerance are in it. What
keeps Great Expectations from passing in silence is in :mod:`expectations.validation`; :mod:`expectations.audit`
interprets failures. Returns, per rule, how many residuals were evaluated and which failed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.row_conditions import Column

from expectations.errors import AuditError
from expectations.registry import Rule, Severity
from expectations.validation import Context, checked_results, failing_index, suite_of

#: Columns of the frame that is judged, beside ``family``. ``evaluated_rule`` is the rule's id where both sides exist,
#: else null; ``excess`` is above 0 for a breach and null where nothing can be compared.
FRAME_COLUMNS = ("residual_id", "rule_id", "is_comparable", "evaluated_rule", "tolerance", "excess")
#: The suite of what every residual must have, whatever its rule.
SHAPE = "rec_residual"


@dataclass(frozen=True)
class Judgement:
    """One rule judged: residuals evaluated, and the ids of those that failed, sorted."""

    rule_id: str
    evaluated: int
    failed: tuple[str, ...]


@dataclass(frozen=True)
class SuiteVerdict:
    """One suite: its judgements in rule order, number of expectations, wall-clock seconds."""

    name: str
    judgements: tuple[Judgement, ...]
    expectations: int
    seconds: float


def shape_suite(rows: int) -> Any:
    """The suite of the form of ``rows`` residuals: named, and with an excess where both sides exist."""
    named = ("residual_id", "rule_id", "is_comparable")
    evaluated = Column("evaluated_rule").is_not_null()
    return suite_of(
        SHAPE,
        rows,
        [
            *(gxe.ExpectColumnValuesToNotBeNull(column=column) for column in named),
            gxe.ExpectColumnValuesToBeBetween(column="tolerance", min_value=0),
            gxe.ExpectColumnValuesToNotBeNull(column="excess", row_condition=evaluated),
        ],
    )


def family_suite(family: str, rules: Sequence[Rule], rows: int, comparable: Mapping[str, int]) -> Any:
    """The suite of one family on its ``rows`` residuals: an expectation for each of ``rules``, in their order.

    ``comparable`` declares how many residuals of each rule must be evaluated. A rule without any gets no expectation,
    because it would pass on no rows.
    """
    return suite_of(
        family,
        rows,
        [
            gxe.ExpectColumnValuesToBeBetween(
                column=rule.id,
                max_value=0,
                severity="warning" if rule.severity is Severity.FLAG else "critical",
                description=f"{rule.id}: {rule.title_vi} / {rule.title_en}",
                meta={"rule": rule.id, "severity": rule.severity.value},
            )
            for rule in rules
            if comparable.get(rule.id)
        ],
    )


def judge(
    frame: pd.DataFrame,
    rules: Sequence[Rule],
    *,
    rows: Mapping[str, int],
    comparable: Mapping[str, int],
    ids: Any = None,
) -> tuple[SuiteVerdict, ...]:
    """Judge residuals with one suite per family that has any, after one for the form of all.

    ``frame`` has one row per residual with :data:`FRAME_COLUMNS` plus ``family``; ``rows`` declares the number of
    residuals per family and ``comparable`` the number to be evaluated per rule, both counted elsewhere (in SQL).
    ``ids`` is an array of residual ids if ``residual_id`` has positions in it, which are faster to hash than texts.
    Raises AuditError, naming every problem, if an expectation raised, a residual is malformed, a result is missing, or
    a rule was evaluated on another number of residuals than it declares.
    """
    context = Context()
    verdicts = [_judge_shape(context, frame, sum(rows.values()))]
    for family in sorted(rows):
        started = time.perf_counter()
        members = sorted((rule for rule in rules if rule.family == family), key=lambda rule: rule.id)
        suite = family_suite(family, members, rows[family], comparable)
        results = context.judge_frame(suite, _by_rule(frame[frame["family"] == family], members), ("residual_id",))
        judgements = _judgements(suite, checked_results(suite, results), comparable, ids)
        seconds = time.perf_counter() - started
        verdicts.append(SuiteVerdict(family, judgements, len(suite.expectations), seconds))
    _all_judged(verdicts, comparable)
    return tuple(verdicts)


def _by_rule(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Residuals with a column for each rule: its excess where both sides exist, else null, which is not judged.

    A condition on the rows of an expectation costs four times the expectation.
    """
    evaluated = frame["evaluated_rule"]
    columns = {rule.id: frame["excess"].where(evaluated == rule.id) for rule in rules}
    return pd.DataFrame({"residual_id": frame["residual_id"], **columns}).reset_index(drop=True)


def _judge_shape(context: Context, frame: pd.DataFrame, rows: int) -> SuiteVerdict:
    started = time.perf_counter()
    suite = shape_suite(rows)
    judged = frame.loc[:, [c for c in FRAME_COLUMNS if c in frame]].reset_index(drop=True)
    results = checked_results(suite, context.judge_frame(suite, judged, ("rule_id", "residual_id")))
    problems = [
        f"{result.expectation_config.type} {result.expectation_config.kwargs['column']}: residuals are malformed, "
        f"for example of {failing_index(result, 'rule_id')[:3]}"
        for result in results
        if not result.success
    ]
    if problems:
        raise AuditError(f"suite {SHAPE}: " + "; ".join(problems))
    return SuiteVerdict(SHAPE, (), len(suite.expectations), time.perf_counter() - started)


def _judgements(suite: Any, results: Sequence[Any], comparable: Mapping[str, int], ids: Any) -> tuple[Judgement, ...]:
    problems, judged = [], []
    for result in results:
        rule_id = result.expectation_config.meta["rule"]
        evaluated = int(result.result["element_count"]) - int(result.result["missing_count"])
        if evaluated != comparable[rule_id]:
            problems.append(f"{rule_id}: {comparable[rule_id]} residuals declared, {evaluated} evaluated")
        failed = failing_index(result, "residual_id")
        judged.append(
            Judgement(
                rule_id, evaluated, tuple(sorted(str(ids[int(i)]) if ids is not None else str(i) for i in failed))
            )
        )
    if problems:
        raise AuditError(f"suite {suite.name}: " + "; ".join(problems))
    return tuple(judged)


def _all_judged(verdicts: Sequence[SuiteVerdict], comparable: Mapping[str, int]) -> None:
    judged = {judgement.rule_id for verdict in verdicts for judgement in verdict.judgements}
    if missing := sorted(rule_id for rule_id, count in comparable.items() if count and rule_id not in judged):
        raise AuditError(f"no judgement for {missing}")
