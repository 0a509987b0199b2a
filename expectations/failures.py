"""What the audit adds to a failed residual: explanation, likely cause, group, note, days it was found and fixed.

Contains everything derived from the failures and from recorded times; which residuals failed is decided in
:mod:`expectations.audit`. Produces the temp table ``audit_failure``, one row per failure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from expectations.causes import Finding, findings
from expectations.explanations import explain
from expectations.life import Ledger, Life, life_of
from expectations.registry import Rule

HELD = "intermediate.int_submission_held"
ARTIFACTS = "staging.stg_artifact"
#: The grain of a residual about one revision ends with the revision.
OF_REVISION = r"\|revision=(\d+)\|artifact=\w+$"
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


def describe_failures(
    con: duckdb.DuckDBPyConnection, rules: Mapping[str, Rule], ledger: Ledger, failed: Sequence[str]
) -> list[dict[str, Any]]:
    """Temp table ``audit_failure``: explanation, cause and state of each failure; returns the failures, worst first.

    ``failed`` are residual ids of the view ``audited_residual``, ``rules`` its rules by id.
    """
    con.register("failed_ids", pa.table({"residual_id": pa.array(failed, pa.string())}))
    try:
        cursor = con.execute(
            "select r.* from audited_residual as r inner join failed_ids as f using (residual_id) "
            "order by r.rule_id, r.excess desc, r.residual_id"
        )
        names = [column[0] for column in cursor.description or []]
        failures = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        known_on, fixed_on, found_on = _known_on(con), _fixed_on(con), _found_on(con)
    finally:
        con.unregister("failed_ids")
    for failure in failures:
        name = failure["residual_id"]
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


def _anomaly_row(rule: Rule, failure: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    life: Life = failure["life"]
    text = explain(rule, failure)
    if finding.cause_vi:
        text += f" Nguyên nhân có thể: {finding.cause_vi}."
    if finding.group_size > 1:
        text += f" Cùng nguyên nhân với {finding.group_size - 1} sai lệch khác."
    return {
        "residual_id": failure["residual_id"],
        "severity": rule.severity.value,
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
    row = con.execute(f"select max(received_on) from {ARTIFACTS}").fetchone()
    return row[0] if row else None


def _found_on(con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """The day both sides of a failure were known, by residual id: the newest receipt of an artifact in its evidence."""
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


def _fixed_on(con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Failures of a revision that a later, accepted revision fixed: residual id and the day the latter was received."""
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
