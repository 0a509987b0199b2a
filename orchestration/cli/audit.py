"""Recompute rules on the current build, from their SQL and YAML as they are now, and judge them. Nothing is stored.

Exit 0: nothing failed. 1: something did.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from expectations.registry import RegistryError, load_rules, rules_named
from orchestration.cli.console import err, home, out, stop_on
from orchestration.cli.results import Format, FormatOption, write
from orchestration.recompute import Recomputed, RecomputeError, recompute
from warehouse.connections import BuildUnavailableError, QueryResult


def audit(
    rule: Annotated[
        str, typer.Option(help="Only this rule or family, and every row that fails, for example fund.charter_floor.")
    ] = "",
    format_: FormatOption = Format.table,
) -> None:
    configured = home()
    configured.export()
    with stop_on(RegistryError, RecomputeError, BuildUnavailableError):
        found = recompute(configured.layout, rules_named(rule) if rule else load_rules())
    counts = [_counts(one) for one in found]
    if rule:
        console = out if format_ is Format.table else err
        for count in counts:
            console.print(
                f"{count['rule_id']} ({count['severity']}, {count['kind']}): {count['passed']} passed, "
                f"{count['failed']} failed, {count['not_comparable']} not comparable"
            )
        failing = [row for one in found for row in one.failing]
        if failing or format_ is not Format.table:
            write(_table(failing), format_)
    else:
        write(_table(counts), format_)
    raise typer.Exit(1 if any(one.failed for one in found) else 0)


def _counts(found: Recomputed) -> dict[str, Any]:
    return {
        "rule_id": found.rule.id,
        "severity": found.rule.severity.value,
        "kind": found.rule.kind.value,
        "passed": found.passed,
        "failed": found.failed,
        "not_comparable": found.not_comparable,
    }


def _table(rows: list[dict[str, Any]]) -> QueryResult:
    columns = tuple(rows[0]) if rows else ()
    return QueryResult(columns, (), tuple(tuple(row.values()) for row in rows))
