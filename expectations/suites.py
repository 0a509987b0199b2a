"""Great Expectations suites built from the rule registry: one batch per severity, however many rules and files.

Contains all use of Great Expectations and the guards against its silent results: an empty batch and an all-null
column pass most expectations, and an expectation that raised looks like one that failed. :mod:`expectations.audit`
interprets failures. Returns, per rule, how many residuals were evaluated and which failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.row_conditions import Column

from expectations.errors import AuditError
from expectations.registry import Rule, Severity

#: Only the ids of failing rows are returned: the values and queries of 100,000 rows are not needed again.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["rule_id", "residual_id"],
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}
SHAPE = "shape"
COMPLETE = "complete"
JUDGE = "judge"

#: Columns of the frame that is judged. ``evaluated_rule`` is the rule's id where both sides exist, else null;
#: ``excess`` is above 0 for a breach and null where nothing can be compared.
FRAME_COLUMNS = ("residual_id", "rule_id", "is_comparable", "evaluated_rule", "tolerance", "excess")


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


def build_suite(severity: Severity, rules: Sequence[Rule], rows: int, comparable: Mapping[str, int]) -> Any:
    """The ExpectationSuite of all rules of one severity, for a batch of ``rows`` residuals.

    ``comparable`` declares how many residuals of each rule must be evaluated. A rule without any gets no expectation,
    because it would pass on no rows.
    """
    # An expectation takes Great Expectations about 20 ms, however few the rows, so rules share one; the index of a
    # failing row contains its rule.
    expectations: list[Any] = [gxe.ExpectTableRowCountToEqual(value=rows, meta={"purpose": SHAPE})]
    expectations += [
        gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"purpose": SHAPE})
        for column in ("residual_id", "rule_id", "is_comparable")
    ]
    expectations.append(gxe.ExpectColumnValuesToBeBetween(column="tolerance", min_value=0, meta={"purpose": SHAPE}))
    judged = sorted(rule.id for rule in rules if comparable.get(rule.id))
    if judged:
        evaluated = Column("evaluated_rule").is_not_null()
        expectations += [
            gxe.ExpectColumnValuesToNotBeNull(column="excess", row_condition=evaluated, meta={"purpose": COMPLETE}),
            gxe.ExpectColumnValuesToBeBetween(
                column="excess",
                max_value=0,
                row_condition=evaluated,
                severity="warning" if severity is Severity.FLAG else "critical",
                description=f"{severity.value}: {', '.join(judged)}",
                meta={"purpose": JUDGE, "rules": judged},
            ),
        ]
    return gx.ExpectationSuite(name=severity.value, expectations=expectations)


def _raised(result: Any) -> str | None:
    """The message of the exception behind a result, if there was one.

    Great Expectations reports it flat, or keyed by metric when a metric could not be computed.
    """
    info = result.exception_info or {}
    entries = [info] if "raised_exception" in info else [v for v in info.values() if isinstance(v, dict)]
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None


def _failing(result: Mapping[str, Any], ids: Any = None) -> list[tuple[str, str]]:
    """Rule and residual id of every failing row; ``ids`` gives the ids where the frame has positions."""

    def named(value: Any) -> str:
        return str(value) if ids is None or pd.isna(value) else str(ids[int(value)])

    return [
        (str(rule_id), named(residual_id))
        for group in result.get("unexpected_index_list") or []
        for rule_id, residual_id in zip(group["rule_id"], group["residual_id"], strict=True)
    ]


def _inconsistent(
    result: Any, failed: Mapping[str, list[str]], comparable: Mapping[str, int], evaluated: Mapping[str, int]
) -> Iterator[str]:
    """Inconsistencies in the result of an expectation whose failures by rule are ``failed``."""
    given = sum(evaluated.values())
    count = int(result.result["element_count"]) - int(result.result["missing_count"])
    if count != given:
        yield f"{given} residuals handed over, {count} evaluated"
    named = sum(map(len, failed.values()))
    if named != int(result.result["unexpected_count"]) or result.success != (not failed):
        yield f"{result.result['unexpected_count']} failed, {named} named"
    if unknown := sorted(set(failed) - set(comparable)):
        yield f"failures of {unknown}, which are not judged here"


def read_results(
    name: str,
    results: Sequence[Any],
    *,
    expected_results: int,
    comparable: Mapping[str, int],
    evaluated: Mapping[str, int],
    ids: Any = None,
) -> tuple[Judgement, ...]:
    """Turn validation results into judgements, in rule order.

    ``comparable`` declares per rule how many residuals must be evaluated, ``evaluated`` how many the batch held;
    ``ids`` as of :func:`judge`.
    Raises AuditError, naming every problem, if an expectation raised, a residual is malformed, a result is
    missing, or a rule was evaluated on another number of residuals than it declares.
    """
    problems: list[str] = []
    failed: dict[str, list[str]] | None = None
    if len(results) != expected_results:
        problems.append(f"{expected_results} expectations declared, {len(results)} results returned")
    for rule_id, declared in comparable.items():
        if evaluated.get(rule_id, 0) != declared:
            problems.append(f"{rule_id}: {declared} residuals declared, {evaluated.get(rule_id, 0)} evaluated")
    for result in results:
        config = result.expectation_config
        purpose = config.meta.get("purpose")
        where = " ".join(filter(None, (config.type, config.kwargs.get("column"))))
        message = _raised(result)
        if message is not None:
            problems.append(f"{where}: raised instead of judging: {message}")
        elif purpose in (SHAPE, COMPLETE):
            if not result.success:
                shown = _failing(result.result, ids)[:3] or result.result.get("observed_value")
                problems.append(f"{where}: residuals are malformed, for example {shown}")
        else:
            failed = {}
            for rule_id, residual_id in _failing(result.result, ids):
                failed.setdefault(rule_id, []).append(residual_id)
            problems += [f"{where}: {problem}" for problem in _inconsistent(result, failed, comparable, evaluated)]
    judged = sorted(rule_id for rule_id, count in comparable.items() if count)
    if judged and failed is None and not problems:
        problems.append(f"no judgement for {judged}")
    if problems:
        raise AuditError(f"suite {name}: " + "; ".join(problems))
    return tuple(
        Judgement(rule_id, comparable[rule_id], tuple(sorted((failed or {}).get(rule_id, ())))) for rule_id in judged
    )


def judge(
    frame: pd.DataFrame,
    rules: Sequence[Rule],
    *,
    rows: Mapping[str, int],
    comparable: Mapping[str, int],
    ids: Any = None,
) -> tuple[SuiteVerdict, ...]:
    """Judge residuals with one suite per severity that has any.

    ``frame`` has one row per residual with :data:`FRAME_COLUMNS` plus ``severity``; ``rows`` declares the number
    of residuals per severity and ``comparable`` the number to be evaluated per rule, both counted elsewhere
    (in SQL). ``ids`` is an array of residual ids if ``residual_id`` has positions in it, which are faster to hash than
    texts. Raises AuditError as :func:`read_results` does.
    """
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("residuals")
    verdicts: list[SuiteVerdict] = []
    for severity in sorted(map(Severity, rows)):
        started = time.perf_counter()
        members = [rule for rule in rules if rule.severity is severity]
        declared = {rule.id: comparable.get(rule.id, 0) for rule in members}
        suite = build_suite(severity, members, rows[severity], declared)
        batch_definition = source.add_dataframe_asset(severity.value).add_batch_definition_whole_dataframe("all")
        part = frame.loc[frame["severity"] == severity.value, list(FRAME_COLUMNS)].reset_index(drop=True)
        batch = batch_definition.get_batch({"dataframe": part})
        result = batch.validate(suite, result_format=RESULT_FORMAT)
        found: dict[str, int] = {}
        if "evaluated_rule" in part:
            found = {str(rule_id): int(n) for rule_id, n in part["evaluated_rule"].value_counts().items() if n}
        judgements = read_results(
            severity.value,
            result.results,
            expected_results=len(suite.expectations),
            comparable=declared,
            evaluated=found,
            ids=ids,
        )
        seconds = time.perf_counter() - started
        verdicts.append(SuiteVerdict(severity.value, judgements, len(suite.expectations), seconds))
    return tuple(verdicts)
