"""One suite per form on its staging table, from the checks that the form declares.

A comparison, a range and an identifier are stock expectations on a pandas frame of the rows to judge; its columns are
what the check compares, by the same SQL as in the compiled check. What reads other rows is an
``UnexpectedRowsExpectation`` on DuckDB. What Great Expectations found must equal what the models
``int_<form>_finding`` hold and flag, or the audit fails.

A row that did not change is not judged again by a check that looks at one row: its verdict is kept in ``judged/``, by
the content of the row and of the checks.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
import pyarrow as pa

from expectations.errors import AuditError
from expectations.validation import Context, checked_results, failing_index, failures_of, suite_of
from ingestion.forms.check_sql import Bounds, CompiledCheck, compiled
from ingestion.forms.definition import Form, form_versions, load_forms
from warehouse.connections import sql_text
from warehouse.files import written_aside

#: Rows of one frame: bounds the memory, whatever the size of a form.
CHUNK_ROWS = 250_000
#: Great Expectations returns at most so many unexpected rows of a query; it counts all.
QUERY_ROWS = 200

#: A check and a row.
Finding = tuple[str, str]
_FOUND = pa.schema([("check_id", pa.string()), ("row_id", pa.string())])
_NOTHING_KEPT = "select null::varchar as row_id, null::ubigint as content, null::varchar[] as checks where false"


@dataclass(frozen=True)
class RowVerdict:
    """The suite of one form: its table, expectations, rows of the table, rows judged now, and findings by check."""

    form: str
    table: str
    expectations: int
    rows: int
    judged: int
    failed: Mapping[str, int]


def judge_rows(connection: duckdb.DuckDBPyConnection, kept: Path) -> tuple[RowVerdict, ...]:
    """Judge the rows of every form that has checks and rows, in the order of their codes.

    ``kept`` is the folder of verdicts of rows that did not change. Raises AuditError as
    :func:`expectations.validation.checked_results` does, and if the findings differ from those of the build.
    """
    kept.mkdir(parents=True, exist_ok=True)
    context = Context(connection)
    verdicts = []
    for _, versions in sorted(form_versions().items()):
        if versions[0].kind != "table" or not any(map(compiled, versions)):
            continue
        rows = _count(connection, f"from ({rows_sql(versions[0])})")
        if rows:
            verdicts.append(_judge_form(connection, context, versions, rows, kept))
    return tuple(verdicts)


def rows_sql(form: Form) -> str:
    """Query of the rows of a form's staging table in readable submissions, with the days of their period."""
    return (
        "select staged.*, submission.period_starts_on, submission.period_ends_on "
        f"from staging.{form.staging} as staged inner join intermediate.int_submission as submission "
        "on staged.artifact_sha256 = submission.artifact_sha256"
    )


def expectations_of(check: CompiledCheck) -> list[Any]:
    """The stock expectations that say what ``check`` says, none if only SQL can say it."""
    labels = _labels(check)
    found: list[Any] = []
    if check.bounds is not None:
        found += _within(check.bounds, labels)
    elif check.pattern is not None:
        name = _named(f"r.{check.column.staged_name}")
        found.append(
            gxe.ExpectColumnValuesToMatchRegex(column=name, regex=rf"\A(?:{check.pattern.pattern})\Z", **labels)
        )
        if check.pattern.never:
            never = rf"\A(?:{check.pattern.never})\Z"
            found.append(gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=never, **labels))
    if found:
        found += [gxe.ExpectColumnValuesToNotBeNull(column=_named(sql), **labels) for sql in check.filled]
    return found


def _within(bounds: Bounds, labels: Mapping[str, Any]) -> Iterator[Any]:
    """Ends that are numbers in one expectation, and one for each end that depends on the row."""
    value = _named(bounds.value)
    low, high = _number(bounds.low), _number(bounds.high)
    if low is not None or high is not None:
        yield gxe.ExpectColumnValuesToBeBetween(
            column=value, min_value=low, max_value=high, strict_min=bounds.above_low, **labels
        )
    pairs = []
    if bounds.low is not None and low is None:
        pairs.append((value, _named(bounds.low), not bounds.above_low))
    if bounds.high is not None and high is None:
        pairs.append((_named(bounds.high), value, True))
    for above, below, or_equal in pairs:
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=above, column_B=below, or_equal=or_equal, ignore_row_if="either_value_is_missing", **labels
        )


def _number(sql: str | None) -> float | None:
    """A bound that is a number; None for any other."""
    try:
        return float(sql) if sql is not None else None
    except ValueError:
        return None


def is_stock(check: CompiledCheck) -> bool:
    """Whether stock expectations on one row say the same as the SQL of ``check``."""
    return check.bounds is not None or check.pattern is not None


def _named(sql: str) -> str:
    """The name of a column of the frame: its SQL without the row's alias, as a person reads it."""
    return sql.replace("r.", "")


def _compared(checks: Sequence[CompiledCheck]) -> dict[str, str]:
    """What ``checks`` compare: SQL by the name of a column of the frame."""
    found: dict[str, str] = {}
    for check in checks:
        sides: list[str | None] = [f"r.{check.column.staged_name}", *check.filled]
        if check.bounds is not None:
            sides = [*check.filled, check.bounds.value, check.bounds.low, check.bounds.high]
        found |= {_named(sql): sql for sql in sides if sql is not None and _number(sql) is None}
    return found


def _judge_form(
    connection: duckdb.DuckDBPyConnection, context: Context, versions: Sequence[Form], rows: int, kept: Path
) -> RowVerdict:
    form = versions[0]
    findings: set[Finding] = set()
    judged = expectations = 0
    for version in versions:
        checks, source, name = compiled(version), rows_sql(form), form.staging
        if len(versions) > 1:
            source, name = f"{source} where form_version = {sql_text(version.version)}", f"{name}@{version.version}"
        others = {check.other: f"({rows_sql(load_forms()[check.other])})" for check in checks if check.other}
        rows_now, found = judge_checks(connection, context, name, checks, source, others, kept)
        judged += rows_now
        findings |= found
        expectations += sum(len(expectations_of(check)) if is_stock(check) else 1 for check in checks)
    _compare(connection, form, findings)
    failed = dict(sorted(Counter(check_id for check_id, _ in findings).items()))
    return RowVerdict(form.code, f"staging.{form.staging}", expectations, rows, judged, failed)


def judge_checks(
    connection: duckdb.DuckDBPyConnection,
    context: Context,
    name: str,
    checks: Sequence[CompiledCheck],
    source: str,
    others: Mapping[str, str],
    kept: Path,
) -> tuple[int, set[Finding]]:
    """The findings of ``checks`` in the rows of the query ``source``, and how many rows were judged for it.

    ``others`` are relations by code of the forms that checks refer to; ``name`` is that of the suite and of the file
    of verdicts in the folder ``kept``. Raises AuditError as :func:`judge_rows` does.
    """
    stock = [check for check in checks if is_stock(check)]
    other = [check for check in checks if not is_stock(check)]
    judged, findings = 0, set[Finding]()
    if stock:
        judged, findings = _judge_stock(connection, context, name, stock, source, kept / f"{name}.parquet")
    if other:
        findings |= _judge_other(connection, context, f"{name} in SQL", other, source, others)
    return judged, findings


def _judge_stock(
    connection: duckdb.DuckDBPyConnection,
    context: Context,
    name: str,
    checks: Sequence[CompiledCheck],
    source: str,
    kept: Path,
) -> tuple[int, set[Finding]]:
    """Judge the rows of ``source`` that are new or changed: how many they are, and the findings in all its rows."""
    compared = _compared(checks)
    listed = ", ".join(f'{sql} as "{column}"' for column, sql in compared.items())
    connection.execute(f"create or replace temp table to_judge as select r.row_id, {listed} from ({source}) as r")
    hashed = "hash(" + ", ".join(f'"{column}"' for column in compared) + ")"
    fingerprint = _fingerprint(connection, checks, source)
    known = f"read_parquet({sql_text(kept)})" if _is_of(connection, kept, fingerprint) else f"({_NOTHING_KEPT})"
    connection.execute(
        "create or replace temp table judged_before as select known.* from "
        f"{known} as known inner join (select row_id, {hashed} as content from to_judge) using (row_id, content)"
    )
    waiting = "from to_judge where row_id not in (select row_id from judged_before)"
    count = _count(connection, waiting)
    expectations = [expectation for check in checks for expectation in expectations_of(check)]
    found: set[Finding] = set()
    for start in range(0, count, CHUNK_ROWS):
        frame = connection.execute(
            f"select {_as_frame(connection)} {waiting} order by row_id limit {CHUNK_ROWS} offset {start}"
        ).df()
        suite = suite_of(name, min(CHUNK_ROWS, count - start), expectations)
        for result in failures_of(context, suite, frame):
            check_id = result.expectation_config.meta["check"]
            found.update((check_id, str(row_id)) for row_id in failing_index(result, "row_id"))
    # Outside of the possible range is outside of the usual one, too; the first is the finding.
    for check in checks:
        if check.bounds is not None and check.bounds.unless is not None:
            sooner = check.check_id.removesuffix("usual") + "possible"
            found -= {(check.check_id, row_id) for check_id, row_id in found if check_id == sooner}
    connection.register(
        "found_now", pa.table({"check_id": [c for c, _ in found], "row_id": [r for _, r in found]}, _FOUND)
    )
    verdicts = (
        f"select row_id, {hashed} as content, list(check_id order by check_id) filter (check_id is not null) as checks "
        f"from to_judge left join found_now using (row_id) where row_id not in (select row_id from judged_before) "
        "group by all union all from judged_before"
    )
    with written_aside(kept) as aside:
        connection.execute(
            f"copy ({verdicts} order by row_id) to {sql_text(aside)} "
            f"(format parquet, kv_metadata {{fingerprint: '{fingerprint}'}})"
        )
    connection.unregister("found_now")
    every = connection.execute(f"select unnest(checks), row_id from read_parquet({sql_text(kept)})").fetchall()
    connection.execute("drop table to_judge; drop table judged_before")
    return count, {(check_id, row_id) for check_id, row_id in every}


def _as_frame(connection: duckdb.DuckDBPyConnection) -> str:
    """Columns of ``to_judge`` for pandas: numbers as DOUBLE. Bounds have fewer than 15 digits, so nothing is lost."""
    types = connection.execute("select column_name, column_type from (describe to_judge)").fetchall()
    plain = ("VARCHAR", "DATE", "BOOLEAN")
    return ", ".join(f'"{name}"' if kind in plain else f'"{name}"::double as "{name}"' for name, kind in types)


def _judge_other(
    connection: duckdb.DuckDBPyConnection,
    context: Context,
    name: str,
    checks: Sequence[CompiledCheck],
    source: str,
    others: Mapping[str, str],
) -> set[Finding]:
    """Findings of checks that only SQL can say, in all rows: what they compare with may have changed."""
    queries = {check.check_id: _breaking(check, others) for check in checks}
    suite = suite_of(
        name,
        _count(connection, f"from ({source})"),
        [
            gxe.UnexpectedRowsExpectation(unexpected_rows_query=queries[check.check_id], **_labels(check))
            for check in checks
        ],
    )
    found: set[Finding] = set()
    for result in checked_results(suite, context.judge_query(suite, source)):
        check_id = result.expectation_config.meta["check"]
        named = [str(row["row_id"]) for row in result.result["details"]["unexpected_rows"]]
        count = int(result.result["observed_value"])
        if len(named) < min(count, QUERY_ROWS):
            raise AuditError(f"suite {suite.name}: {check_id}: {count} failed, {len(named)} named")
        if count > len(named):
            rows = connection.execute(queries[check_id].format(batch=f"({source})")).fetchall()
            named = [row_id for (row_id,) in rows]
        if count != len(named):
            raise AuditError(f"suite {suite.name}: {check_id}: {count} failed, {len(named)} named")
        found.update((check_id, row_id) for row_id in named)
    return found


def _breaking(check: CompiledCheck, others: Mapping[str, str]) -> str:
    condition = check.violated if check.other is None else check.violated.replace("{other}", others[check.other])
    # Great Expectations formats the query: other braces, as of a regular expression, are doubled.
    literal = condition.replace("{", "{{").replace("}", "}}")
    return f"select r.row_id from (select * from {{batch}}) as r where {literal}"


def _labels(check: CompiledCheck) -> dict[str, Any]:
    """What every expectation of a check carries."""
    return {
        "description": f"{check.column.label}: {check.expected_vi}",
        "severity": "warning" if check.severity == "flag" else "critical",
        "meta": {"check": check.check_id},
    }


def _compare(connection: duckdb.DuckDBPyConnection, form: Form, findings: set[Finding]) -> None:
    """What Great Expectations found must be what the build holds and flags."""
    relation = f"intermediate.int_{form.table}_finding"
    in_sql = {
        (check_id, row_id)
        for check_id, row_id in connection.execute(f"select distinct check_id, row_id from {relation}").fetchall()
    }
    if in_sql != findings:
        raise AuditError(
            f"{relation}: found by SQL only: {sorted(in_sql - findings)[:3]}; "
            f"found by Great Expectations only: {sorted(findings - in_sql)[:3]}"
        )


def _fingerprint(connection: duckdb.DuckDBPyConnection, checks: Sequence[CompiledCheck], source: str) -> str:
    """Of everything but the rows that a kept verdict depends on; DuckDB's hashes differ from version to version."""
    labels = [(c.check_id, c.violated, c.bounds, c.pattern, c.filled) for c in checks]
    return hashlib.sha256(repr((duckdb.__version__, gx.__version__, source, labels)).encode()).hexdigest()


def _is_of(connection: duckdb.DuckDBPyConnection, kept: Path, fingerprint: str) -> bool:
    """Whether a file of kept verdicts is whole and of these checks; a damaged file is as none."""
    if not kept.is_file():
        return False
    try:
        noted = connection.execute(
            f"select value from parquet_kv_metadata({sql_text(kept)}) where key = 'fingerprint'::blob"
        ).fetchone()
        connection.execute(f"select count(*) from read_parquet({sql_text(kept)})").fetchone()
    except duckdb.Error:
        return False
    return noted is not None and bytes(noted[0]).decode() == fingerprint


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((count,),) = connection.execute(f"select count(*) {rows}").fetchall()
    return int(count)
