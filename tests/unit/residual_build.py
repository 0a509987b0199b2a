"""Small builds in the shape the audit and the release read, made in a test's own folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from expectations.registry import Kind, export_rules, load_rules
from warehouse.layout import Layout

KINDS = {rule.id: rule.kind for rule in load_rules()}
RESIDUAL_DDL = """
    residual_id varchar, rule_id varchar, family varchar, grain varchar, province_key varchar, period_code varchar,
    subject varchar, expected decimal(28, 6), actual decimal(28, 6), difference decimal(28, 6),
    tolerance decimal(28, 6), excess decimal(28, 6), is_comparable boolean, not_comparable_reason varchar,
    expected_evidence varchar, actual_evidence varchar, artifact_sha256 varchar, detail varchar
"""


@dataclass(frozen=True)
class Residual:
    """What a test says of a residual; the rest is derived as dbt would."""

    rule_id: str
    expected: Decimal | int | None
    actual: Decimal | int | None
    grain: str = "province=63-46|period=2021-11"
    tolerance: Decimal | int = 0
    subject: str = "HTX trồng trọt, Thừa Thiên Huế, tháng 11/2021"
    artifact: str | None = "a" * 64
    evidence: str = json.dumps(
        [{"artifact": "a" * 64, "file": "46.xlsx", "sheet": "BIEU_01", "row": 12, "column": "closing_count"}]
    )

    def excess(self) -> Decimal | int | None:
        if self.expected is None or self.actual is None:
            return None
        beyond = self.actual - self.expected
        by_kind = {Kind.AT_LEAST: -beyond, Kind.AT_MOST: beyond}
        return by_kind.get(KINDS.get(self.rule_id, Kind.EQUAL), abs(beyond)) - self.tolerance

    def row(self) -> tuple[object, ...]:
        comparable = self.expected is not None and self.actual is not None
        difference = self.actual - self.expected if self.expected is not None and self.actual is not None else None
        return (
            hashlib.md5(f"{self.rule_id}|{self.grain}".encode(), usedforsecurity=False).hexdigest(),
            self.rule_id,
            self.rule_id.split(".")[0],
            self.grain,
            "63-46",
            "2021-11",
            self.subject,
            self.expected,
            self.actual,
            difference,
            self.tolerance,
            self.excess(),
            comparable,
            None if comparable else "thiếu số kỳ trước",
            self.evidence,
            self.evidence,
            self.artifact,
            "{}",
        )


def write_build(layout: Layout, residuals: Sequence[Residual], *, held: Sequence[str] | None = None) -> None:
    """Make the build file with the residuals, the exported rules and what SQL holds (derived unless given)."""
    layout.prepare()
    rules_file = export_rules(layout)
    rejects = {rule.id for rule in load_rules() if rule.severity == "reject"}
    if held is None:
        held = sorted({r.artifact for r in residuals if r.rule_id in rejects and r.artifact and (r.excess() or 0) > 0})
    layout.database.unlink(missing_ok=True)
    with duckdb.connect(str(layout.database)) as con:
        con.execute("create schema raw; create schema intermediate; create schema reconciliation; create schema marts")
        con.execute(f"create view raw.rules as select * from read_parquet('{rules_file}')")
        con.execute(f"create table reconciliation.rec_residual ({RESIDUAL_DDL})")
        if residuals:
            marks = ", ".join("?" * 18)
            con.executemany(f"insert into reconciliation.rec_residual values ({marks})", [r.row() for r in residuals])
        con.execute(
            "create schema staging; create table staging.stg_artifact (artifact_sha256 varchar, received_on date)"
        )
        for artifact in sorted({r.artifact for r in residuals if r.artifact}):
            con.execute("insert into staging.stg_artifact values (?, date '2021-12-05')", [artifact])
        con.execute("create table intermediate.int_submission_held (artifact_sha256 varchar)")
        for artifact in held:
            con.execute("insert into intermediate.int_submission_held values (?)", [artifact])


def layout_in(folder: Path) -> Layout:
    return Layout(folder / "home")
