"""The audit: judges every residual and every row, writes every outcome, and decides whether a release may be published.

Contains the judging of ``reconciliation.rec_residual``, the audit's checks of itself and the files it writes. dbt
selects the figures to compare, ``rules/*.yml`` have the tolerances, :mod:`warehouse.release` publishes. Writes
``outcomes.parquet``, ``anomalies.parquet`` and ``audit.json``.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from expectations.errors import AuditError
from expectations.failures import ARTIFACTS, HELD, describe_failures
from expectations.life import NOTES_FILE, OVERRIDES_FILE, State, read_ledger
from expectations.registry import Outcome, Rule, Severity, load_rules, rules_table
from warehouse.connections import sql_text
from warehouse.content import quick_content
from warehouse.files import written_aside

if TYPE_CHECKING:
    from expectations.row_suites import RowVerdict
    from expectations.suites import SuiteVerdict

__all__ = ["AuditError", "AuditResult", "Blocking", "RuleOutcome", "run_audit"]

RESIDUALS = "reconciliation.rec_residual"
REGISTRY = "raw.rules"
SUBMISSIONS = "intermediate.int_submission"
#: Folder of the verdicts of rows that did not change since they were judged.
JUDGED = "judged"

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
    note: str | None
    residuals: int
    evaluated: int
    passed: int
    failed: int
    not_comparable: int
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
    """Create the view ``audited_residual``; return its row count and content hash, which the release verifies."""
    found = _columns(con, RESIDUALS)
    if found != RESIDUAL_COLUMNS:
        missing = [name for name in RESIDUAL_COLUMNS if name not in found]
        extra = [name for name in found if name not in RESIDUAL_COLUMNS]
        raise AuditError(f"{RESIDUALS}: columns missing {missing}, unknown {extra}, order {list(found)}")
    for relation in (HELD, ARTIFACTS, SUBMISSIONS):
        _columns(con, relation)
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
        raise AuditError(
            f"{RESIDUALS} holds rules that are not in the registry: {strangers}; write their entries in "
            "expectations/rules/<family>.yml, or correct the ids in rec_<family>.sql"
        )
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
        "a breach of a reject rule names no artifact to hold": """
            select residual_id from audited_residual inner join judged_by using (rule_id)
            where excess > 0 and artifact_sha256 is null and severity = 'reject'
        """,
    }
    for problem, query in checks.items():
        examples = [row[0] for row in con.execute(f"{query} order by residual_id limit 3").fetchall()]
        if examples:
            raise AuditError(f"{RESIDUALS}: {problem}, for example {examples}")


def _judge(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[SuiteVerdict, ...]:
    counted = con.execute(
        """
        select rule_id, family, count(*), count(*) filter (where is_comparable)
        from audited_residual group by all order by all
        """
    ).fetchall()
    rows: Counter[str] = Counter()
    for _, family, residuals, _ in counted:
        rows[family] += residuals
    if not rows:
        return ()
    # Excess is exact as DECIMAL; only its sign is judged, so DOUBLE loses nothing.
    table = con.execute(
        """
        select
            family, residual_id, rule_id, is_comparable,
            case when is_comparable then rule_id end as evaluated_rule,
            tolerance::double as tolerance,
            excess::double as excess
        from audited_residual
        """
    ).fetch_arrow_table()
    # Great Expectations hashes the frame twice; integers and categories are faster to hash than half a million texts.
    texts = ("family", "rule_id", "evaluated_rule")
    frame = pd.DataFrame({name: table[name].dictionary_encode().to_pandas() for name in texts})
    for name in ("is_comparable", "tolerance", "excess"):
        frame[name] = table[name].to_pandas()
    ids = table["residual_id"]
    frame["residual_id"] = pd.Series(range(len(ids)), dtype="float64").where(ids.is_valid().to_pandas())
    # Importing Great Expectations takes seconds; a caller that only needs AuditResult does not import it.
    from expectations.suites import judge

    comparable = {rule_id: declared for rule_id, _, _, declared in counted}
    return judge(frame, rules, rows=rows, comparable=comparable, ids=ids)


def _judge_rows(con: duckdb.DuckDBPyConnection, out: Path) -> tuple[RowVerdict, ...]:
    """The checks that forms declare, on the rows of their staging tables; nothing where nothing was received."""
    if not _scalar(con, f"select count(*) from {SUBMISSIONS}"):
        return ()
    from expectations.row_suites import judge_rows

    return judge_rows(con, out / JUDGED)


def _check_held(con: duckdb.DuckDBPyConnection) -> int:
    """The submissions that SQL holds must be those with a failed reject rule in Great Expectations."""
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


def _write_parquet(con: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    with written_aside(target) as aside:
        con.execute(f"copy ({query}) to {sql_text(aside)} (format parquet, compression snappy)")


def _write_tables(con: duckdb.DuckDBPyConnection, out: Path) -> None:
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


def run_audit(
    con: duckdb.DuckDBPyConnection, out: Path, *, notes: Path = NOTES_FILE, overrides: Path = OVERRIDES_FILE
) -> AuditResult:
    """Judge all residuals of the build and write the outcome to ``out``; may be a read-only connection.

    Reads ``reconciliation.rec_residual``, ``intermediate.int_submission_held``, ``raw.rules``, and the rows of forms
    with their findings. Writes
    ``outcomes.parquet`` (one row per residual), ``anomalies.parquet`` (one row per failure) and, last, ``audit.json``:
    without it there is no verdict. Fails the gate if a rule of severity ``block`` failed anywhere and no entry of
    ``overrides`` allows it; an empty build passes, marked ``empty``. ``notes`` and ``overrides`` are the files people
    write (:mod:`expectations.life`). Raises AuditError if the audit itself is inconsistent, and then writes no
    ``audit.json``.
    """
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    verdict_file = out / "audit.json"
    verdict_file.unlink(missing_ok=True)
    rules = load_rules()
    by_id = {rule.id: rule for rule in rules}
    ledger = read_ledger(rules, notes, overrides)
    con.register("judged_by", rules_table(rules))
    try:
        rows, content = _take_residuals(con)
        if rows:
            _check_registry(con, rules)
        _check_arithmetic(con, rules)
        verdicts = _judge(con, rules)
        row_verdicts = _judge_rows(con, out)
        failed = [name for verdict in verdicts for judgement in verdict.judgements for name in judgement.failed]
        failures = describe_failures(con, by_id, ledger, failed)
        held = _check_held(con)
        outcomes = _rule_outcomes(con, rules, verdicts, failures)
        declared = _scalar(con, "select count(*) filter (where is_comparable) from audited_residual")
        _write_tables(con, out)
    finally:
        con.unregister("judged_by")
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
    summary = _summary(rows, content, counts, blocking, overridden, outcomes, verdicts, row_verdicts, seconds)
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
    row_verdicts: Sequence[RowVerdict],
    seconds: float,
) -> dict[str, Any]:
    """The content of ``audit.json``. Only ``timings`` differs between two runs on the same build."""
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
        "rules": [asdict(outcome) | {"worst": list(outcome.worst)} for outcome in outcomes.values()],
        "row_checks": [
            {"form": v.form, "table": v.table, "rows": v.rows, "expectations": v.expectations, "failed": dict(v.failed)}
            for v in row_verdicts
        ],
        "timings": {
            "seconds": round(seconds, 3),
            "rows_judged": {verdict.form: verdict.judged for verdict in row_verdicts},
            "suites": {
                verdict.name: {"expectations": verdict.expectations, "seconds": round(verdict.seconds, 3)}
                for verdict in verdicts
            },
        },
    }
