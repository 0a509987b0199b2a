"""Rules on the current build, recomputed from their files: the SQL is compiled again, the registry is read again.

For writing rules: edit, recompute, edit again. The model reads the tables of the last run; nothing is written to the
build. The verdict of a release is that of :mod:`expectations.audit`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from filelock import FileLock

from expectations import dbt_models
from expectations.explanations import explain
from expectations.registry import Rule, load_rules, rules_table
from warehouse.connections import connect_build
from warehouse.layout import DBT_PROJECT_DIR, Layout

REGISTRY = "stg_rule"


class RecomputeError(RuntimeError):
    """The model of a rule cannot be compiled or does not run on the build; the message says why."""


@dataclass(frozen=True)
class Recomputed:
    """One rule: the number of residuals by outcome, and every failing one, the worst first."""

    rule: Rule
    passed: int
    failed: int
    not_comparable: int
    failing: tuple[dict[str, Any], ...]


def recompute(layout: Layout, rules: Sequence[Rule]) -> tuple[Recomputed, ...]:
    """Compute and judge the residuals of ``rules``, in their order.

    Raises RegistryError for a rule without a model, RecomputeError, and BuildUnavailableError as
    :func:`warehouse.connections.connect_build` does.
    """
    named = dbt_models.models_by_rule(rules)
    connection = connect_build(layout, read_only=True)
    connection.close()
    compiled = _compiled(layout, sorted({model for models in named.values() for model in models}))
    connection = connect_build(layout, read_only=True)
    try:
        connection.register("registry_now", rules_table(load_rules()))
        for model, sql in compiled.items():
            _compute(connection, model, sql)
        return tuple(_outcome(connection, rule, named[rule.id]) for rule in rules)
    finally:
        connection.close()


def _compute(connection: duckdb.DuckDBPyConnection, model: str, sql: str) -> None:
    try:
        connection.execute(f"create temp table {model} as {sql}")
    except duckdb.Error as error:
        raise RecomputeError(
            f"{model}: {error}\nIf the build lacks what the model reads, htx run builds it."
        ) from error


def _compiled(layout: Layout, models: Sequence[str]) -> dict[str, str]:
    """The SQL of ``models`` by name, with the registry as it stands in its files in place of the last export."""
    target = layout.build / "dbt"
    os.environ |= {"DBT_TARGET_PATH": str(target), "DO_NOT_TRACK": "1"}
    where = ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    with FileLock(target / ".parse.lock"):
        dbt_models.write()
        # dbt prints the compiled SQL even with --quiet.
        with redirect_stdout(StringIO()):
            done = dbtRunner().invoke(["--quiet", "compile", *where, "--full-refresh", "--select", REGISTRY, *models])
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    results = getattr(done.result, "results", ())
    if not done.success:
        raise RecomputeError("\n".join(str(r.message) for r in results if r.message) or str(done.exception))
    nodes = {r.node.name: r.node for r in results}
    exported = nodes.pop(REGISTRY).relation_name
    return {name: str(node.compiled_code).replace(exported, "registry_now") for name, node in nodes.items()}


def _outcome(connection: duckdb.DuckDBPyConnection, rule: Rule, models: Sequence[str]) -> Recomputed:
    residuals = " union all ".join(f"select * from temp.{model} where rule_id = $rule" for model in models)
    ((passed, failed, not_comparable),) = connection.execute(
        "select count(*) filter (where excess <= 0), count(*) filter (where excess > 0), "
        f"count(*) filter (where excess is null) from ({residuals})",
        {"rule": rule.id},
    ).fetchall()
    cursor = connection.execute(
        f"select * from ({residuals}) where excess > 0 order by excess desc, residual_id", {"rule": rule.id}
    )
    names = [column[0] for column in cursor.description or []]
    failing = tuple(_shown(rule, dict(zip(names, row, strict=True))) for row in cursor.fetchall())
    return Recomputed(rule, passed, failed, not_comparable, failing)


def _shown(rule: Rule, residual: dict[str, Any]) -> dict[str, Any]:
    sides = {name: _plain(residual[name]) for name in ("expected", "actual", "difference", "tolerance", "excess")}
    return {"rule_id": rule.id, "subject": residual["subject"], **sides, "explanation_vi": explain(rule, residual)}


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
