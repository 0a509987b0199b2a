"""The audit: what it judges, what it writes, and that it detects its own errors."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations.audit import AuditError, AuditResult, run_audit
from expectations.registry import Outcome, Rule, load_rules
from tests.bench.audit_sql import audit_as_one_sql
from tests.unit.residual_build import Residual, layout_in, write_build
from warehouse.connections import connect_build
from warehouse.layout import Layout

CLEAN = [
    Residual("stock_identity.closing", 148, 148),
    Residual("stock_identity.closing", 41, 41, grain="province=63-01|period=2021-11"),
    Residual("stock_continuity.opening", None, 41),
    Residual("roll_up.founded", 189, 189, artifact=None),
    Residual("region_split.sum", 895, 804, artifact=None, subject="HTX thành lập mới 6 tháng đầu năm 2018"),
]


def audit(layout: Layout) -> AuditResult:
    with connect_build(layout, read_only=True) as con:
        return run_audit(con, layout.audit)


def rows_of(layout: Layout, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(layout.audit / name).to_pylist()
    return sorted(rows, key=lambda row: (row["rule_id"], row["grain"], row["residual_id"]))


def test_outcomes_anomalies_and_summary(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, CLEAN)
    result = audit(layout)

    assert result.passed
    assert not result.empty
    assert result.blocking == ()
    assert dict(result.counts) == {
        "residuals": 5,
        "declared": 4,
        "evaluated": 4,
        "passed": 3,
        "failed": 1,
        "not_comparable": 1,
        "held_submissions": 0,
    }
    outcomes = rows_of(layout, "outcomes.parquet")
    assert [row["outcome"] for row in outcomes] == ["fail", "pass", "not_comparable", "pass", "pass"]
    assert outcomes[2]["explanation_vi"] == "Chưa so sánh được: thiếu số kỳ trước"
    assert outcomes[1]["explanation_vi"] is None
    (anomaly,) = rows_of(layout, "anomalies.parquet")
    assert anomaly["rule_id"] == "region_split.sum"
    assert anomaly["severity"] == "flag"
    assert (anomaly["expected"], anomaly["actual"], anomaly["difference"]) == (895, 804, -91)
    assert "895" in anomaly["explanation_vi"]
    assert "thấp hơn 91" in anomaly["explanation_vi"]
    assert anomaly["status"] == "open"
    assert anomaly["fix_by_vi"]
    assert json.loads(anomaly["actual_evidence"])[0]["row"] == 12

    summary = json.loads((layout.audit / "audit.json").read_text(encoding="utf-8"))
    assert summary == json.loads(json.dumps(result.summary))
    by_rule = {rule["rule_id"]: rule for rule in summary["rules"]}
    assert len(by_rule) == len(load_rules())
    assert by_rule["region_split.sum"]["worst"][0]["difference"] == "-91"
    assert by_rule["fair.booths"] | {"title_vi": "", "title_en": ""} == {
        "rule_id": "fair.booths",
        "family": "fair",
        "severity": "flag",
        "title_vi": "",
        "title_en": "",
        "status": "not_comparable",
        "note": "not evaluated: no rows",
        "residuals": 0,
        "evaluated": 0,
        "passed": 0,
        "failed": 0,
        "not_comparable": 0,
        "worst": [],
    }
    assert by_rule["stock_continuity.opening"]["note"] == "not evaluated: no comparable rows"
    assert result.outcomes["stock_continuity.opening"].status is Outcome.NOT_COMPARABLE
    assert sorted(p.name for p in layout.audit.iterdir()) == ["anomalies.parquet", "audit.json", "outcomes.parquet"]


@pytest.mark.parametrize("writable", [True, False])
def test_the_audit_leaves_the_connection_as_it_was(tmp_path: Path, writable: bool) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, CLEAN)
    with connect_build(layout, read_only=not writable) as con:
        before = con.execute("select table_name from duckdb_tables() union select view_name from duckdb_views()")
        names = sorted(before.fetchall())
        run_audit(con, layout.audit)
        after = con.execute("select table_name from duckdb_tables() union select view_name from duckdb_views()")
        assert sorted(after.fetchall()) == names


def test_every_worked_example_is_judged_as_it_says(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)

    def residual(rule: Rule, number: int) -> Residual:
        example = rule.examples[number]
        return Residual(
            rule.id,
            example.expected,
            example.actual,
            grain=str(number),
            claim_precision=example.claim_tolerance,
            subject=example.subject,
        )

    write_build(layout, [residual(rule, n) for rule in load_rules() for n in range(len(rule.examples))])
    result = audit(layout)
    judged = {(row["rule_id"], int(row["grain"])): row["outcome"] for row in rows_of(layout, "outcomes.parquet")}
    said = {(rule.id, n): e.outcome.value for rule in load_rules() for n, e in enumerate(rule.examples)}
    assert judged == said
    assert not result.passed
    assert all(outcome.status is Outcome.FAIL for outcome in result.outcomes.values())
    assert {b.rule_id for b in result.blocking} == {r.id for r in load_rules() if r.severity == "block"}


def test_a_blocking_failure_says_which_rule_and_where(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [Residual("roll_up.founded", 189, 188, artifact=None, subject="HTX thành lập mới, cả nước")])
    result = audit(layout)
    assert not result.passed
    (blocking,) = result.blocking
    assert (blocking.rule_id, blocking.expected, blocking.actual) == ("roll_up.founded", 189, 188)
    assert "HTX thành lập mới, cả nước" in blocking.where
    gate = result.summary["gate"]
    assert gate["passed"] is False
    assert gate["stopped_by"][0]["rule"] == "roll_up.founded"
    assert gate["stopped_by"][0]["actual"] == "188"


@pytest.mark.parametrize(
    ("actual", "outcome"), [("1000000.000001", "fail"), ("1000000", "pass"), ("999999.999999", "pass")]
)
def test_the_last_decimal_decides_at_the_edge_of_the_tolerance(tmp_path: Path, actual: str, outcome: str) -> None:
    """As DOUBLE, 90000000001000000.000001 would equal its tolerance; the excess is subtracted as DECIMAL."""
    layout = layout_in(tmp_path)
    base = 90_000_000_000_000_000
    write_build(layout, [Residual("fund.groups", base, base + Decimal(actual))])
    audit(layout)
    assert rows_of(layout, "outcomes.parquet")[0]["outcome"] == outcome


def test_an_empty_warehouse_passes_and_says_that_nothing_was_judged(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [])
    result = audit(layout)
    assert result.passed
    assert result.empty
    assert result.counts["evaluated"] == 0
    assert "nothing was judged" in result.summary["gate"]["reason"]
    assert {rule["status"] for rule in result.summary["rules"]} == {"not_comparable"}
    assert pq.read_table(layout.audit / "outcomes.parquet").num_rows == 0
    assert "explanation_vi" in pq.read_schema(layout.audit / "anomalies.parquet").names


def test_a_rejected_submission_is_held(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [Residual("stock_split.total", 1, 2, artifact="b" * 64)])
    result = audit(layout)
    assert result.passed
    assert result.counts["held_submissions"] == 1


@pytest.mark.parametrize(
    ("held", "said"),
    [([], "failed by Great Expectations but not held by SQL"), (["b" * 64, "c" * 64], "held by SQL but passed")],
)
def test_sql_and_great_expectations_must_agree_on_what_is_held(tmp_path: Path, held: list[str], said: str) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [Residual("stock_split.total", 1, 2, artifact="b" * 64)], held=held)
    with pytest.raises(AuditError, match=said):
        audit(layout)


def damage(layout: Layout, statement: str) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "update {r} set rule_id = null where rule_id = 'roll_up.founded'",
            "not in the registry",
        ),
        ("update {r} set rule_id = 'roll_up.other'", "not in the registry"),
        ("update {r} set family = 'fund'", "not in the registry"),
        ("update {r} set residual_id = null where rule_id = 'roll_up.founded'", "malformed"),
        ("update {r} set residual_id = 'x'", "not unique"),
        ("update {r} set difference = difference + 1", "difference is not"),
        (
            "update {r} set difference = null where rule_id = 'roll_up.founded'",
            "difference is not",
        ),
        ("update {r} set excess = null", "excess: residuals are malformed"),
        ("update {r} set is_comparable = false, excess = 1", "excess has a value where nothing can be compared"),
        ("update {r} set tolerance = -1", "tolerance: residuals are malformed"),
        ("update {r} set is_comparable = null", "is_comparable: residuals are malformed"),
        ("update {r} set expected = null, actual = null, difference = null", "difference is not actual - expected"),
        ("alter table reconciliation.rec_residual drop column detail", "columns missing \\['detail'\\]"),
        ("drop table reconciliation.rec_residual", "run dbt build first"),
        ("drop table intermediate.int_submission_held", "run dbt build first"),
        (
            "drop view raw.rules; create table raw.rules as "
            "select * replace (1::decimal(24,6) as tolerance_abs) from read_parquet('{rules}')",
            "other rules than the registry",
        ),
    ],
)
def test_an_unsound_build_is_an_error_and_leaves_no_verdict(tmp_path: Path, statement: str, said: str) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, CLEAN)
    (layout.audit / "audit.json").write_text('{"passed": true}', encoding="utf-8")
    damage(
        layout,
        statement.replace("{r}", "reconciliation.rec_residual").replace("{rules}", str(layout.build / "rules.parquet")),
    )
    with pytest.raises(AuditError, match=said):
        audit(layout)
    assert not (layout.audit / "audit.json").exists()


def test_a_reject_breach_without_an_artifact_is_an_error(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [Residual("stock_split.total", 1, 2, artifact=None)])
    with pytest.raises(AuditError, match="names no artifact to hold"):
        audit(layout)


def test_two_audits_of_one_build_write_the_same(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    written = []
    for order in (CLEAN, list(reversed(CLEAN))):
        write_build(layout, order)
        summary = {key: value for key, value in audit(layout).summary.items() if key != "timings"}
        # Compared without order: the order of rows in a working file is not defined.
        tables = [rows_of(layout, f"{name}.parquet") for name in ("outcomes", "anomalies")]
        written.append((json.dumps(summary), tables))
    assert written[0] == written[1]


def test_one_sql_query_comes_to_the_same_counts(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_build(layout, [*CLEAN, Residual("stock_split.total", 1, 2, artifact="b" * 64)])
    result = audit(layout)
    with connect_build(layout, read_only=True) as con:
        counts = audit_as_one_sql(con)
    assert {c.rule_id: (c.evaluated, c.failed, c.not_comparable) for c in counts} == {
        rule_id: (o.evaluated, o.failed, o.not_comparable) for rule_id, o in result.outcomes.items()
    }
    assert not any(c.malformed or c.held_mismatch for c in counts)
