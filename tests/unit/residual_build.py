"""Small builds in the shape the audit and the release read, made in a test's own folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from expectations.registry import export_rules
from tests.macros import SIDES, add_side, residuals_of
from warehouse.layout import Layout


@dataclass(frozen=True)
class Residual:
    """What a test says of a residual; the rest is computed by dbt's macro."""

    rule_id: str
    expected: Decimal | int | None
    actual: Decimal | int | None
    grain: str = "province=63-46|period=2021-11"
    claim_precision: Decimal | int = 0
    subject: str = "HTX trồng trọt, Thừa Thiên Huế, tháng 11/2021"
    artifact: str | None = "a" * 64
    evidence: str = json.dumps(
        [{"artifact": "a" * 64, "file": "46.xlsx", "sheet": "BIEU_01", "row": 12, "column": "closing_count"}]
    )


def write_build(layout: Layout, residuals: Sequence[Residual], *, held: Sequence[str] | None = None) -> None:
    """Make the build file with the residuals, the exported rules and what SQL holds (derived unless given)."""
    layout.prepare()
    rules_file = export_rules(layout)
    layout.database.unlink(missing_ok=True)
    with duckdb.connect(str(layout.database)) as con:
        con.execute("create schema raw; create schema intermediate; create schema reconciliation; create schema marts")
        con.execute(f"create view raw.rules as select * from read_parquet('{rules_file}')")
        con.execute(f"create temp table sides ({SIDES})")
        for residual in residuals:
            add_side(
                con,
                rule_id=residual.rule_id,
                grain=residual.grain,
                province_key="63-46",
                period_code="2021-11",
                subject=residual.subject,
                expected=residual.expected,
                actual=residual.actual,
                claim_precision=residual.claim_precision,
                not_comparable_reason="thiếu số kỳ trước" if None in (residual.expected, residual.actual) else None,
                expected_evidence=residual.evidence,
                actual_evidence=residual.evidence,
                artifact_sha256=residual.artifact,
            )
        compared = residuals_of("sides", lambda _: "raw.rules")
        con.execute(f"create table reconciliation.rec_residual as {compared}")
        con.execute(
            "create schema staging; create table staging.stg_artifact (artifact_sha256 varchar, received_on date)"
        )
        for artifact in sorted({r.artifact for r in residuals if r.artifact}):
            con.execute("insert into staging.stg_artifact values (?, date '2021-12-05')", [artifact])
        con.execute("create table intermediate.int_submission (artifact_sha256 varchar)")
        con.execute(
            "create table intermediate.int_submission_held as select distinct artifact_sha256 "
            "from reconciliation.rec_residual inner join raw.rules using (rule_id) "
            "where excess > 0 and severity = 'reject' and artifact_sha256 is not null"
        )
        if held is not None:
            con.execute("delete from intermediate.int_submission_held")
        for artifact in held or ():
            con.execute("insert into intermediate.int_submission_held values (?)", [artifact])


def layout_in(folder: Path) -> Layout:
    return Layout(folder / "home")
