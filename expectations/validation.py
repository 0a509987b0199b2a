"""How the audit uses Great Expectations: an ephemeral context, its two data sources, and results that cannot be silent.

A batch without rows and a column without values pass most expectations, and an expectation that raised looks like one
that failed. So every suite first expects the number of rows that was counted elsewhere, and a result that raised is an
error. Which expectations a suite has is in :mod:`expectations.row_suites` and :mod:`expectations.suites`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from duckdb_engine import ConnectionWrapper, CursorWrapper
from sqlalchemy.pool import StaticPool

from expectations.errors import AuditError


class OwnCursors(ConnectionWrapper):
    """A connection whose cursors do not share their results; Great Expectations reads several at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._connection = connection

    def cursor(self) -> CursorWrapper:
        """A cursor with results of its own."""
        return CursorWrapper(self._connection.cursor(), self)

    def close(self) -> None:
        """Leave the connection open: it belongs to the audit."""


class Context:
    """An ephemeral context. Frames are judged with pandas, relations of the build with DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        self._frames = self._context.data_sources.add_pandas("rows")
        self._build: Any = None
        if connection is not None:
            self._build = self._context.data_sources.add_sql(
                "build",
                connection_string="duckdb:///:memory:",
                create_temp_table=False,
                kwargs={"creator": lambda: OwnCursors(connection), "poolclass": StaticPool},
            )

    def judge_frame(self, suite: Any, frame: pd.DataFrame, index: Sequence[str] = ()) -> tuple[Any, ...]:
        """Results of ``suite`` on ``frame``; columns ``index`` name a failing row. Without them only pass or fail."""
        assets = {asset.name: asset for asset in self._frames.assets}
        asset = assets.get(suite.name) or self._frames.add_dataframe_asset(suite.name)
        batches = {batch.name: batch for batch in asset.batch_definitions}
        batch = batches.get("all") or asset.add_batch_definition_whole_dataframe("all")
        return self._validated(batch.get_batch({"dataframe": frame}), suite, index)

    def judge_query(self, suite: Any, query: str) -> tuple[Any, ...]:
        """Results of ``suite`` on the rows of ``query``, which DuckDB computes."""
        batch = self._build.add_query_asset(suite.name, query=query).add_batch_definition_whole_table("all")
        return self._validated(batch.get_batch(), suite, ("row_id",))

    def _validated(self, batch: Any, suite: Any, index: Sequence[str]) -> tuple[Any, ...]:
        # A checkpoint gives one frame to all of its validation definitions, and here every suite has its own.
        # Only the ids of failing rows are returned: values of 100,000 rows are not needed again, and are personal.
        result_format: Any = {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": list(index),
            "exclude_unexpected_values": True,
            "partial_unexpected_count": 0,
            "return_unexpected_index_query": False,
        }
        return tuple(batch.validate(suite, result_format=result_format if index else "BOOLEAN_ONLY").results)


def suite_of(name: str, rows: int, expectations: Sequence[Any]) -> Any:
    """The suite of ``expectations`` on a batch of ``rows`` rows, which it expects first."""
    first = gxe.ExpectTableRowCountToEqual(value=rows, meta={"purpose": "row count"})
    return gx.ExpectationSuite(name=name, expectations=[first, *expectations])


def checked_results(suite: Any, results: Sequence[Any]) -> list[Any]:
    """The results of a suite without that of its row count.

    Raises AuditError, naming every problem, if one is missing or raised, or the batch had another number of rows.
    """
    problems = []
    if len(results) != len(suite.expectations):
        problems.append(f"{len(suite.expectations)} expectations declared, {len(results)} results returned")
    judging = []
    for result in results:
        config = result.expectation_config
        where = " ".join(filter(None, (config.type, config.kwargs.get("column") or config.kwargs.get("column_A"))))
        if (message := _raised(result)) is not None:
            problems.append(f"{where}: raised instead of judging: {message}")
        elif config.meta.get("purpose") != "row count":
            judging.append(result)
        elif not result.success:
            found = result.result.get("observed_value")
            problems.append(f"{config.kwargs['value']} rows declared, {found} in the batch")
    if problems:
        raise AuditError(f"suite {suite.name}: " + "; ".join(problems))
    return judging


def failures_of(context: Context, suite: Any, frame: pd.DataFrame) -> list[Any]:
    """The results of the expectations of ``suite`` that fail on ``frame``, with ``row_id`` of each failing row.

    Nearly all pass, and a pass costs half without the rows. Raises AuditError as :func:`checked_results` does.
    """
    passed = checked_results(suite, context.judge_frame(suite, frame))
    failing = {result.expectation_config.meta["check"] for result in passed if not result.success}
    if not failing:
        return []
    again = [expectation for expectation in suite.expectations if (expectation.meta or {}).get("check") in failing]
    named = suite_of(suite.name, len(frame), again)
    return checked_results(named, context.judge_frame(named, frame, ("row_id",)))


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


def failing_index(result: Any, column: str) -> list[Any]:
    """``column`` of every failing row of a result of pandas. Raises AuditError if they are not as many as it counts."""
    counted = result.result
    named = [value for group in counted.get("unexpected_index_list") or [] for value in _listed(group, column)]
    if len(named) != int(counted["unexpected_count"]) or bool(result.success) != (not named):
        config = result.expectation_config
        raise AuditError(f"{config.type} {config.meta}: {counted['unexpected_count']} failed, {len(named)} named")
    return named


def _listed(group: Mapping[str, Any], column: str) -> Sequence[Any]:
    value = group[column]
    return value if isinstance(value, (list, tuple)) else [value]
