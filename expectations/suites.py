"""Great Expectations suites made from the rule registry: one batch per family, whatever the number of files.

Here belongs all use of Great Expectations and the guards against its silences: an empty batch and an all-null
column pass most expectations there, and an expectation that raised reads like one that failed. What a failure
means is :mod:`expectations.audit`'s. Hands on, per rule, how many residuals were evaluated and which failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.row_conditions import Column

from expectations.errors import AuditError
from expectations.registry import Rule, Severity

#: Every failing row by its id, and nothing else: values and queries of 100,000 rows are not wanted twice.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["residual_id"],
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}
SHAPE = "shape"
COMPLETE = "complete"
JUDGE = "judge"

#: Columns of the frame that is judged. ``evaluated_rule`` is the rule's id where both sides exist, else null;
#: ``excess`` is |difference| - tolerance, subtracted as DECIMAL, so null if either is.
FRAME_COLUMNS = ("residual_id", "rule_id", "is_comparable", "evaluated_rule", "tolerance", "excess")


@dataclass(frozen=True)
class Judgement:
    """One rule judged: residuals evaluated, and the ids of those that failed, sorted."""

    rule_id: str
    evaluated: int
    failed: tuple[str, ...]


@dataclass(frozen=True)
class SuiteVerdict:
    """One family's suite: its judgements in rule order, expectations run, seconds on the wall."""

    family: str
    judgements: tuple[Judgement, ...]
    expectations: int
    seconds: float


def build_suite(family: str, rules: Sequence[Rule], rows: int, comparable: Mapping[str, int]) -> Any:
    """The family's ExpectationSuite for a batch of ``rows`` residuals.

    ``comparable`` declares how many residuals of each rule must be evaluated. A rule that declares none gets
    no expectation: over no rows it would pass.
    """
    # Each expectation costs Great Expectations about 20 ms however few the rows: no more of them than needed.
    expectations: list[Any] = [gxe.ExpectTableRowCountToEqual(value=rows, meta={"purpose": SHAPE})]
    expectations += [
        gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"purpose": SHAPE})
        for column in ("residual_id", "rule_id", "is_comparable")
    ]
    expectations.append(gxe.ExpectColumnValuesToBeBetween(column="tolerance", min_value=0, meta={"purpose": SHAPE}))
    for rule in rules:
        if not comparable.get(rule.id):
            continue
        rows_of_rule = Column("evaluated_rule") == rule.id
        expectations.append(
            gxe.ExpectColumnValuesToNotBeNull(
                column="excess", row_condition=rows_of_rule, meta={"purpose": COMPLETE, "rule_id": rule.id}
            )
        )
        expectations.append(
            gxe.ExpectColumnValuesToBeBetween(
                column="excess",
                max_value=0,
                row_condition=rows_of_rule,
                severity="warning" if rule.severity is Severity.FLAG else "critical",
                description=rule.title_en,
                meta={"purpose": JUDGE, "rule_id": rule.id},
            )
        )
    return gx.ExpectationSuite(name=family, expectations=expectations)


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


def _failing_ids(result: Mapping[str, Any]) -> list[str]:
    return [str(name) for group in result.get("unexpected_index_list") or [] for name in group["residual_id"]]


def read_results(
    family: str, results: Sequence[Any], *, expected_results: int, comparable: Mapping[str, int]
) -> tuple[Judgement, ...]:
    """Turn validation results into judgements, in rule order.

    Raises AuditError, naming every problem, if an expectation raised, a residual is malformed, a result is
    missing, or a rule was evaluated on another number of residuals than it declares.
    """
    problems: list[str] = []
    judged: dict[str, Judgement] = {}
    if len(results) != expected_results:
        problems.append(f"{expected_results} expectations declared, {len(results)} results returned")
    for result in results:
        config = result.expectation_config
        purpose, rule_id = config.meta.get("purpose"), config.meta.get("rule_id")
        where = " ".join(filter(None, (rule_id, config.type, config.kwargs.get("column"))))
        message = _raised(result)
        if message is not None:
            problems.append(f"{where}: raised instead of judging: {message}")
        elif purpose in (SHAPE, COMPLETE):
            if not result.success:
                shown = _failing_ids(result.result)[:3] or result.result.get("observed_value")
                problems.append(f"{where}: residuals are malformed, for example {shown}")
        else:
            evaluated = int(result.result["element_count"]) - int(result.result["missing_count"])
            failed = sorted(_failing_ids(result.result))
            if evaluated != comparable[rule_id]:
                problems.append(f"{where}: {comparable[rule_id]} residuals declared, {evaluated} evaluated")
            if len(failed) != int(result.result["unexpected_count"]) or result.success != (not failed):
                problems.append(f"{where}: {result.result['unexpected_count']} failed, {len(failed)} named")
            judged[rule_id] = Judgement(rule_id, evaluated, tuple(failed))
    unjudged = sorted(rule_id for rule_id, count in comparable.items() if count and rule_id not in judged)
    if unjudged and not problems:
        problems.append(f"no judgement for {unjudged}")
    if problems:
        raise AuditError(f"suite {family}: " + "; ".join(problems))
    return tuple(judged[rule_id] for rule_id in sorted(judged))


def judge(
    frame: pd.DataFrame, rules: Sequence[Rule], *, rows: Mapping[str, int], comparable: Mapping[str, int]
) -> tuple[SuiteVerdict, ...]:
    """Judge residuals with one suite per family that has any.

    ``frame`` has one row per residual with :data:`FRAME_COLUMNS` plus ``family``; ``rows`` declares the number
    of residuals per family and ``comparable`` the number to be evaluated per rule, both counted elsewhere
    (in SQL). Raises AuditError as :func:`read_results` does.
    """
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("residuals")
    verdicts: list[SuiteVerdict] = []
    for family in sorted(rows):
        started = time.perf_counter()
        members = [rule for rule in rules if rule.family == family]
        declared = {rule.id: comparable.get(rule.id, 0) for rule in members}
        suite = build_suite(family, members, rows[family], declared)
        batch_definition = source.add_dataframe_asset(family).add_batch_definition_whole_dataframe("all")
        part = frame.loc[frame["family"] == family, list(FRAME_COLUMNS)].reset_index(drop=True)
        batch = batch_definition.get_batch({"dataframe": part})
        result = batch.validate(suite, result_format=RESULT_FORMAT)
        judgements = read_results(family, result.results, expected_results=len(suite.expectations), comparable=declared)
        verdicts.append(SuiteVerdict(family, judgements, len(suite.expectations), time.perf_counter() - started))
    return tuple(verdicts)
