"""The audit: judges every residual, writes every outcome, and decides whether a release may be published.

Here belong the judging of ``reconciliation.rec_residual``, the audit's checks of itself and the files it writes. dbt
selects the figures to compare, ``rules/*.yml`` have the tolerances, :mod:`warehouse.release` publishes. Writes
``outcomes.parquet``, ``anomalies.parquet`` and ``audit.json``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pyarrow as pa

from expectations.causes import Finding, findings
from expectations.errors import AuditError
from expectations.explanations import explain
from expectations.life import NOTES_FILE, OVERRIDES_FILE, Ledger, Life, State, life_of, read_ledger
from expectations.registry import Outcome, Rule, Severity, load_rules, rules_table
from warehouse.connections import sql_text
from warehouse.content import quick_content
from warehouse.files import written_aside

if TYPE_CHECKING:
    from expectations.suites import SuiteVerdict

__all__ = ["AuditError", "AuditResult", "Blocking", "RuleOutcome", "run_audit"]

RESIDUALS = "reconciliation.rec_residual"
HELD = "intermediate.int_submission_held"
ARTIFACTS = "staging.stg_artifact"
REGISTRY = "raw.rules"

#: Columns of ``rec_residual``, in order.
RESIDUAL_COLUMNS = (
    "residual_id",
    "rule_id",
    "family",
    "grain",
    "province_key",
    "period_code",
    "subject",
    "expected",
    "actual",
    "difference",
    "tolerance",
    "excess",
    "is_comparable",
    "not_comparable_reason",
    "expected_evidence",
    "actual_evidence",
    "artifact_sha256",
    "detail",
)
WORST_CASES = 5
NOT_EVALUATED = "not evaluated: no rows"
NOTHING_COMPARABLE = "not evaluated: no comparable rows"

FAILURE_COLUMNS = (
    "residual_id",
    "rule_id",
    "grain",
    "province_key",
    "period_code",
    "subject",
    "expected",
    "actual",
    "difference",
    "tolerance",
    "expected_evidence",
    "actual_evidence",
    "artifact_sha256",
    "detail",
)


@dataclass(frozen=True)
class Blocking:
    """One failure that stops the release: which rule, where, and both sides."""

    rule_id: str
    where: str
    expected: Decimal
    actual: Decimal


@dataclass(frozen=True)
class RuleOutcome:
    """One rule over all its residuals; ``note`` says why a rule that is not_comparable as a whole was not evaluated."""

    rule_id: str
    family: str
    severity: Severity
    title_vi: str
    title_en: str
    status: Outcome
    residuals: int
    evaluated: int
    passed: int
    failed: int
    not_comparable: int
    note: str | None
    worst: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class AuditResult:
    """The verdict. ``outcomes`` by rule id, ``counts`` over all rules, ``summary`` as written to ``audit.json``."""

    passed: bool
    empty: bool
    blocking: tuple[Blocking, ...]
    outcomes: Mapping[str, RuleOutcome]
    counts: Mapping[str, int]
    seconds: float
    summary: Mapping[str, Any]


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, ...]:
    try:
        return tuple(row[0] for row in con.execute(f"describe {relation}").fetchall())
    except duckdb.CatalogException as error:
        raise AuditError(f"{relation} is not in the build: run dbt build first ({error})") from error


def _take_residuals(con: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Name the residuals for all that follows; their count and content, by which the release knows them again."""
    found = _columns(con, RESIDUALS)
    if found != RESIDUAL_COLUMNS:
        missing = [name for name in RESIDUAL_COLUMNS if name not in found]
        extra = [name for name in found if name not in RESIDUAL_COLUMNS]
        raise AuditError(f"{RESIDUALS}: columns missing {missing}, unknown {extra}, order {list(found)}")
    con.execute(f"create or replace temp view audited_residual as select * from {RESIDUALS}")
    return quick_content(con, "audited_residual")


def _check_registry(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    """The residuals must have been computed with this registry, not with an older export of it."""
    _columns(con, REGISTRY)
    names = rules_table(()).schema.names
    built = {tuple(row) for row in con.execute(f"select {', '.join(names)} from {REGISTRY}").fetchall()}
    now = {tuple(row[name] for name in names) for row in rules_table(tuple(rules)).to_pylist()}
    differing = sorted({row[0] for row in built ^ now})
    if differing:
        raise AuditError(f"the build used other rules than the registry, for {differing}: export rules, run dbt again")


def _check_arithmetic(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    """Residual ids are unique, every rule is registered in its family, and difference is actual - expected."""
    known = {(rule.id, rule.family) for rule in rules}
    found = con.execute("select distinct rule_id, family from audited_residual order by all").fetchall()
    strangers = [f"{rule_id} in family {family}" for rule_id, family in found if (rule_id, family) not in known]
    if strangers:
        raise AuditError(f"{RESIDUALS} holds rules that are not in the registry: {strangers}")
    checks = {
        "residual_id is not unique": """
            select residual_id from audited_residual group by residual_id having count(*) > 1
        """,
        "difference is not actual - expected": """
            select residual_id from audited_residual
            where is_comparable and coalesce(difference <> actual - expected, true)
        """,
        "excess has a value where nothing can be compared": """
            select residual_id from audited_residual where not is_comparable and excess is not null
        """,
        "a breach of a reject rule names no artifact to hold": f"""
            select residual_id from audited_residual
            where excess > 0 and artifact_sha256 is null
                and rule_id in ({_sql_list([r.id for r in rules if r.severity is Severity.REJECT])})
        """,
    }
    for problem, query in checks.items():
        examples = [row[0] for row in con.execute(f"{query} order by residual_id limit 3").fetchall()]
        if examples:
            raise AuditError(f"{RESIDUALS}: {problem}, for example {examples}")


def _sql_list(values: Sequence[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values) or "null"


def _judge(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[SuiteVerdict, ...]:
    severities = {rule.id: rule.severity for rule in rules}
    counted = con.execute(
        """
        select rule_id, count(*), count(*) filter (where is_comparable)
        from audited_residual group by all order by all
        """
    ).fetchall()
    if not counted:
        return ()
    rows: dict[str, int] = {}
    comparable: dict[str, int] = {}
    for rule_id, residuals, declared in counted:
        severity = severities[rule_id]
        rows[severity] = rows.get(severity, 0) + residuals
        comparable[rule_id] = declared
    # Excess is exact as DECIMAL; only its sign is judged, so DOUBLE loses nothing.
    table = con.execute(
        f"""
        select
            case
                {" ".join(f"when rule_id in ({_sql_list(_of(rules, kind))}) then '{kind}'" for kind in Severity)}
            end as severity,
            residual_id, rule_id, is_comparable,
            case when is_comparable then rule_id end as evaluated_rule,
            tolerance::double as tolerance,
            excess::double as excess
        from audited_residual
        """
    ).fetch_arrow_table()
    # Great Expectations hashes the frame twice: numbers and the names of categories, not half a million texts.
    frame = pd.DataFrame({name: table[name].dictionary_encode().to_pandas() for name in ("rule_id", "evaluated_rule")})
    for name in ("severity", "is_comparable", "tolerance", "excess"):
        frame[name] = table[name].to_pandas()
    ids = table["residual_id"]
    frame["residual_id"] = pd.Series(range(len(ids)), dtype="float64").where(ids.is_valid().to_pandas())
    # Importing Great Expectations takes seconds; a caller that only wants AuditResult does not pay for it.
    from expectations.suites import judge

    return judge(frame, rules, rows=rows, comparable=comparable, ids=ids)


def _of(rules: Sequence[Rule], severity: Severity) -> list[str]:
    return [rule.id for rule in rules if rule.severity is severity]


def _check_held(con: duckdb.DuckDBPyConnection) -> int:
    """The submissions SQL held must be those that Great Expectations failed on a reject rule."""
    if "artifact_sha256" not in _columns(con, HELD):
        raise AuditError(f"{HELD} has no column artifact_sha256")
    held = {row[0] for row in con.execute(f"select distinct artifact_sha256 from {HELD}").fetchall()}
    judged = {
        row[0]
        for row in con.execute(
            """
            select distinct r.artifact_sha256
            from audited_residual as r inner join audit_failure as f using (residual_id)
            where f.severity = 'reject'
            """
        ).fetchall()
    }
    if held != judged:
        raise AuditError(
            f"held by SQL but passed by Great Expectations: {sorted(map(str, held - judged))}; "
            f"failed by Great Expectations but not held by SQL: {sorted(map(str, judged - held))}"
        )
    return len(held)


def _register_failures(
    con: duckdb.DuckDBPyConnection, rules: Mapping[str, Rule], ledger: Ledger, verdicts: Sequence[SuiteVerdict]
) -> list[dict[str, Any]]:
    """Temp table ``audit_failure``: explanation, cause and state of each failure; returns the failures, worst first."""
    ids = [residual_id for verdict in verdicts for judged in verdict.judgements for residual_id in judged.failed]
    con.register("failed_ids", pa.table({"residual_id": pa.array(ids, pa.string())}))
    try:
        cursor = con.execute(
            f"""
            select {", ".join(f"r.{name}" for name in FAILURE_COLUMNS)}
            from audited_residual as r inner join failed_ids as f using (residual_id)
            order by r.rule_id, r.excess desc, r.residual_id
            """
        )
        failures = [dict(zip(FAILURE_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        known_on, fixed_on, found_on = _known_on(con), _fixed_on(con), _found_on(con)
    finally:
        con.unregister("failed_ids")
    for failure in failures:
        name = failure["residual_id"]
        failure["severity"] = rules[failure["rule_id"]].severity.value
        failure["first_found_on"] = found_on.get(name)
        failure["fixed_on"] = fixed_on.get(name)
        failure["life"] = life_of(failure, ledger, known_on, name in fixed_on)
    shared = findings(rules, failures)
    explained = pa.Table.from_pylist(
        [_anomaly_row(rules[f["rule_id"]], f, shared[f["residual_id"]]) for f in failures], schema=FAILURE_SCHEMA
    )
    con.register("explained", explained)
    try:
        con.execute("create or replace temp table audit_failure as select * from explained")
    finally:
        con.unregister("explained")
    return failures


#: What the audit adds to a failed residual; columns of ``anomalies.parquet`` after those of the outcome.
FAILURE_SCHEMA = pa.schema(
    [
        ("residual_id", pa.string()),
        ("severity", pa.string()),
        ("explanation_vi", pa.string()),
        ("fix_by_vi", pa.string()),
        ("cause", pa.string()),
        ("cause_vi", pa.string()),
        ("group_id", pa.string()),
        ("group_size", pa.int64()),
        ("status", pa.string()),
        ("first_found_on", pa.date32()),
        ("fixed_on", pa.date32()),
        ("note_vi", pa.string()),
        ("note_author", pa.string()),
        ("note_until", pa.date32()),
    ]
)


def _anomaly_row(rule: Rule, failure: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    life: Life = failure["life"]
    text = explain(rule, failure)
    if finding.cause_vi:
        text += f" Nguyên nhân có thể: {finding.cause_vi}."
    if finding.group_size > 1:
        text += f" Cùng nguyên nhân với {finding.group_size - 1} sai lệch khác."
    return {
        "residual_id": failure["residual_id"],
        "severity": failure["severity"],
        "explanation_vi": text,
        "fix_by_vi": rule.fix_by,
        "cause": finding.cause,
        "cause_vi": finding.cause_vi,
        "group_id": finding.group_id,
        "group_size": finding.group_size,
        "status": life.state.value,
        "first_found_on": failure["first_found_on"],
        "fixed_on": failure["fixed_on"],
        "note_vi": life.note,
        "note_author": life.note_author,
        "note_until": life.note_until,
    }


def _known_on(con: duckdb.DuckDBPyConnection) -> date | None:
    """The newest day anything was received, used as today, so that a build from old inputs is reproducible."""
    _columns(con, ARTIFACTS)
    row = con.execute(f"select max(received_on) from {ARTIFACTS}").fetchone()
    return row[0] if row else None


def _found_on(con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """The day both sides of a failure were known, by residual id: the newest of the artifacts it rests upon."""
    return dict(
        con.execute(
            f"""
            with cited as (
                select r.residual_id, unnest(
                    list_concat(
                        list_concat(
                            json_extract_string(r.expected_evidence, '$[*].artifact'),
                            json_extract_string(r.actual_evidence, '$[*].artifact')
                        ),
                        [r.artifact_sha256]
                    )
                ) as artifact_sha256
                from audited_residual as r inner join failed_ids as f using (residual_id)
            )
            select residual_id, max(received_on)
            from cited inner join {ARTIFACTS} using (artifact_sha256)
            group by residual_id order by residual_id
            """
        ).fetchall()
    )


#: A residual of one revision names it at the end of its grain.
OF_REVISION = r"\|revision=(\d+)\|artifact=\w+$"


def _fixed_on(con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Failures of one revision that a later revision, not held, no longer has: residual id and the day it came."""
    _columns(con, HELD)
    return dict(
        con.execute(
            f"""
            with stated as (
                select r.*,
                    regexp_replace(grain, $pattern, '') as stated_grain,
                    cast(regexp_extract(grain, $pattern, 1) as integer) as revision
                from audited_residual as r where regexp_matches(grain, $pattern)
            )
            select failed.residual_id, min(received_on)
            from stated as failed
            inner join failed_ids as f on failed.residual_id = f.residual_id
            inner join stated as later
                on failed.rule_id = later.rule_id and failed.stated_grain = later.stated_grain
                and failed.revision < later.revision
            inner join {ARTIFACTS} as artifact on later.artifact_sha256 = artifact.artifact_sha256
            where later.excess <= 0
                and later.artifact_sha256 not in (select artifact_sha256 from {HELD})
            group by failed.residual_id order by failed.residual_id
            """,
            {"pattern": OF_REVISION},
        ).fetchall()
    )


def _write_parquet(con: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    with written_aside(target) as aside:
        con.execute(
            f"copy ({query}) to '{str(aside).replace(chr(39), chr(39) * 2)}' (format parquet, compression snappy)"
        )


def _write_tables(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule], out: Path) -> None:
    registry = pa.table(
        {
            "rule_id": [rule.id for rule in rules],
            "severity": [rule.severity.value for rule in rules],
            "title_vi": [rule.title_vi for rule in rules],
            "title_en": [rule.title_en for rule in rules],
        }
    )
    con.register("judged_by", registry)
    try:
        _write_parquet(
            con,
            """
            select
                r.*,
                case
                    when not r.is_comparable then 'not_comparable'
                    when f.residual_id is not null then 'fail'
                    else 'pass'
                end as outcome,
                j.severity, j.title_vi, j.title_en,
                case
                    when r.is_comparable then f.explanation_vi
                    else 'Chưa so sánh được: ' || r.not_comparable_reason
                end as explanation_vi
            from audited_residual as r
            inner join judged_by as j using (rule_id)
            left join audit_failure as f using (residual_id)
            """,
            out / "outcomes.parquet",
        )
    finally:
        con.unregister("judged_by")
    _write_parquet(
        con,
        f"""
        select o.*, f.* exclude (residual_id, severity, explanation_vi)
        from read_parquet({sql_text(out / "outcomes.parquet")}) as o
        inner join audit_failure as f using (residual_id)
        order by o.rule_id, o.grain, o.residual_id
        """,
        out / "anomalies.parquet",
    )


def _where(failure: Mapping[str, Any]) -> str:
    return f"{failure['subject']} ({failure['grain']})"


def _worst(failure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "residual_id": failure["residual_id"],
        "where": _where(failure),
        "expected": _number(failure["expected"]),
        "actual": _number(failure["actual"]),
        "difference": _number(failure["difference"]),
    }


def _number(value: Decimal) -> str:
    """Exact, as text: a JSON reader would turn a DECIMAL into floating point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rule_outcomes(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    verdicts: Sequence[SuiteVerdict],
    failures: Sequence[Mapping[str, Any]],
) -> dict[str, RuleOutcome]:
    residuals = dict(con.execute("select rule_id, count(*) from audited_residual group by all").fetchall())
    judged = {judgement.rule_id: judgement for verdict in verdicts for judgement in verdict.judgements}
    worst: dict[str, list[dict[str, Any]]] = {}
    for failure in failures:
        cases = worst.setdefault(failure["rule_id"], [])
        if len(cases) < WORST_CASES:
            cases.append(_worst(failure))
    outcomes: dict[str, RuleOutcome] = {}
    for rule in rules:
        total = residuals.get(rule.id, 0)
        judgement = judged.get(rule.id)
        evaluated = judgement.evaluated if judgement else 0
        failed = len(judgement.failed) if judgement else 0
        status = Outcome.NOT_COMPARABLE if not evaluated else Outcome.FAIL if failed else Outcome.PASS
        note = None if evaluated else NOTHING_COMPARABLE if total else NOT_EVALUATED
        outcomes[rule.id] = RuleOutcome(
            rule_id=rule.id,
            family=rule.family,
            severity=rule.severity,
            title_vi=rule.title_vi,
            title_en=rule.title_en,
            status=status,
            residuals=total,
            evaluated=evaluated,
            passed=evaluated - failed,
            failed=failed,
            not_comparable=total - evaluated,
            note=note,
            worst=tuple(worst.get(rule.id, ())),
        )
    return outcomes


def _rule_summary(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "rule_id": outcome.rule_id,
        "family": outcome.family,
        "severity": outcome.severity.value,
        "title_vi": outcome.title_vi,
        "title_en": outcome.title_en,
        "status": outcome.status.value,
        "note": outcome.note,
        "residuals": outcome.residuals,
        "evaluated": outcome.evaluated,
        "passed": outcome.passed,
        "failed": outcome.failed,
        "not_comparable": outcome.not_comparable,
        "worst": list(outcome.worst),
    }


def run_audit(
    con: duckdb.DuckDBPyConnection, out: Path, *, notes: Path = NOTES_FILE, overrides: Path = OVERRIDES_FILE
) -> AuditResult:
    """Judge all residuals of the build and write the outcome to ``out``; may be a read-only connection.

    Reads ``reconciliation.rec_residual``, ``intermediate.int_submission_held`` and ``raw.rules``. Writes
    ``outcomes.parquet`` (one row per residual), ``anomalies.parquet`` (one row per failure) and, last,
    ``audit.json``: without the last there is no verdict. Fails the gate if a rule of severity ``block`` failed
    anywhere and no entry of ``overrides`` allows it; an empty build passes, marked ``empty``. ``notes`` and
    ``overrides`` are the files people write (:mod:`expectations.life`). Raises AuditError if the audit itself is
    unsound, and then leaves no ``audit.json``.
    """
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    verdict_file = out / "audit.json"
    verdict_file.unlink(missing_ok=True)
    rules = load_rules()
    by_id = {rule.id: rule for rule in rules}
    ledger = read_ledger(rules, notes, overrides)
    try:
        rows, content = _take_residuals(con)
        if rows:
            _check_registry(con, rules)
        _check_arithmetic(con, rules)
        verdicts = _judge(con, rules)
        failures = _register_failures(con, by_id, ledger, verdicts)
        held = _check_held(con)
        outcomes = _rule_outcomes(con, rules, verdicts, failures)
        declared = _scalar(con, "select count(*) filter (where is_comparable) from audited_residual")
        _write_tables(con, rules, out)
    finally:
        con.execute("drop view if exists temp.audited_residual")
        con.execute("drop table if exists temp.audit_failure")
    counts = {
        "residuals": rows,
        "declared": declared,
        "evaluated": sum(outcome.evaluated for outcome in outcomes.values()),
        "passed": sum(outcome.passed for outcome in outcomes.values()),
        "failed": sum(outcome.failed for outcome in outcomes.values()),
        "not_comparable": sum(outcome.not_comparable for outcome in outcomes.values()),
        "held_submissions": held,
    }
    if counts["evaluated"] != declared:
        raise AuditError(f"{declared} comparable residuals declared, {counts['evaluated']} evaluated")
    stopping = [f for f in failures if by_id[f["rule_id"]].severity is Severity.BLOCK]
    blocking = tuple(
        Blocking(f["rule_id"], _where(f), f["expected"], f["actual"])
        for f in stopping
        if f["life"].state is not State.OVERRIDDEN
    )
    overridden = [f for f in stopping if f["life"].state is State.OVERRIDDEN]
    seconds = time.perf_counter() - started
    summary = _summary(rows, content, counts, blocking, overridden, outcomes, verdicts, seconds)
    with written_aside(verdict_file) as aside:
        aside.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return AuditResult(
        passed=not blocking,
        empty=rows == 0,
        blocking=blocking,
        outcomes=outcomes,
        counts=counts,
        seconds=seconds,
        summary=summary,
    )


def _scalar(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _summary(
    rows: int,
    content: str,
    counts: Mapping[str, int],
    blocking: Sequence[Blocking],
    overridden: Sequence[Mapping[str, Any]],
    outcomes: Mapping[str, RuleOutcome],
    verdicts: Sequence[SuiteVerdict],
    seconds: float,
) -> dict[str, Any]:
    """``audit.json``. What differs from run to run stands under ``timings`` alone."""
    stopped_by = [
        {"rule": b.rule_id, "where": b.where, "expected": _number(b.expected), "actual": _number(b.actual)}
        for b in blocking
    ]
    return {
        "passed": not blocking,
        "empty": rows == 0,
        "gate": {
            "passed": not blocking,
            "reason": (
                "nothing was judged: the warehouse holds no residuals"
                if rows == 0
                else f"{len(blocking)} failures of rules that block a release"
                if blocking
                else "no rule that blocks a release failed"
            ),
            "stopped_by": stopped_by,
            "overridden": [
                {
                    "rule": f["rule_id"],
                    "where": _where(f),
                    "expected": _number(f["expected"]),
                    "actual": _number(f["actual"]),
                    "reason": f["life"].note,
                    "author": f["life"].note_author,
                    "expires_on": f["life"].note_until.isoformat(),
                }
                for f in overridden
            ],
        },
        "declared": counts["declared"],
        "evaluated": counts["evaluated"],
        "audited_residuals": {"count": rows, "content": content},
        "counts": dict(counts),
        "rules": [_rule_summary(outcome) for outcome in outcomes.values()],
        "timings": {
            "seconds": round(seconds, 3),
            "suites": {
                verdict.name: {"expectations": verdict.expectations, "seconds": round(verdict.seconds, 3)}
                for verdict in verdicts
            },
        },
    }
