"""The baseline of ``make bench``: the audit's checks as one SQL query over the same build.

It explains nothing, and writes the outcomes only if it gets a path. Returns one row per rule to compare with
:func:`expectations.audit.run_audit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.row_suites import rows_sql
from ingestion.forms.check_sql import findings_sql, references_of
from ingestion.forms.definition import load_forms
from warehouse.connections import sql_text


@dataclass(frozen=True)
class RuleCounts:
    """One rule: residuals judged and failed, not comparable, and how many rows are malformed in any way."""

    rule_id: str
    severity: str
    evaluated: int
    failed: int
    not_comparable: int
    malformed: int
    held_mismatch: int


def judge_and_write_as_sql(con: duckdb.DuckDBPyConnection, outcomes: Path) -> tuple[RuleCounts, ...]:
    """The same, and the outcome of every residual in a Parquet file, as the audit leaves it."""
    con.execute(
        f"""
        copy (
            select
                r.*,
                case
                    when not r.is_comparable then 'not_comparable'
                    when r.excess > 0 then 'fail'
                    else 'pass'
                end as outcome,
                u.severity
            from reconciliation.rec_residual as r inner join raw.rules as u using (rule_id)
        ) to {sql_text(outcomes)} (format parquet, compression snappy)
        """
    )
    return audit_as_one_sql(con)


def audit_as_one_sql(con: duckdb.DuckDBPyConnection) -> tuple[RuleCounts, ...]:
    """Shape, completeness, judgement and the hold cross-check of every rule, ordered by rule id."""
    rows = con.execute(
        """
        with judged as (
            select
                r.*,
                count(*) over (partition by residual_id) > 1
                or residual_id is null
                or is_comparable is null
                or (is_comparable and (
                    difference is null or excess is null or tolerance is null or tolerance < 0
                    or difference is distinct from actual - expected
                )) as is_malformed,
                coalesce(excess > 0, false) as is_breach
            from reconciliation.rec_residual as r
        ),
        rejected as (
            select distinct j.artifact_sha256
            from judged as j inner join raw.rules as u using (rule_id)
            where j.is_breach and u.severity = 'reject'
        ),
        mismatch as (
            select count(*) as artifacts
            from rejected as r
            full join (select distinct artifact_sha256 from intermediate.int_submission_held) as h
                using (artifact_sha256)
            where r.artifact_sha256 is null or h.artifact_sha256 is null
        )
        select
            u.rule_id,
            u.severity,
            count(*) filter (where j.is_comparable),
            count(*) filter (where j.is_breach),
            count(*) filter (where not j.is_comparable),
            count(*) filter (where j.is_malformed or j.family <> u.family),
            any_value(m.artifacts)
        from raw.rules as u
        cross join mismatch as m
        left join judged as j using (rule_id)
        group by u.rule_id, u.severity
        order by u.rule_id
        """
    ).fetchall()
    return tuple(RuleCounts(*row) for row in rows)


def row_checks_as_sql(con: duckdb.DuckDBPyConnection) -> int:
    """Findings of the checks of rows that every form declares, by one query a form."""
    found = 0
    for code, form in load_forms().items():
        if form.kind == "table":
            others = {other: f"({rows_sql(load_forms()[other])})" for other in references_of(form)}
            query = findings_sql(form, f"({rows_sql(form)})", others)
            found += con.execute(f"select count(*) from ({query}) as findings_{code.lower()}").fetchall()[0][0]
    return found
