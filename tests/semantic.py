"""Metrics of the semantic layer, computed from their definitions on a build, as a BI tool would.

Only what the project uses: simple, ratio and derived metrics; sums and counts; filters by dimensions of the measure's
own model; stocks that count at the last date of the rows asked for.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

_DIMENSION = re.compile(r"\{\{\s*Dimension\('(\w+)__(\w+)'\)\s*\}\}")


class SemanticLayer:
    """The metrics of a dbt manifest."""

    def __init__(self, manifest: Path) -> None:
        read: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        self.metrics: dict[str, dict[str, Any]] = {m["name"]: m for m in read["metrics"].values()}
        self._models = list(read["semantic_models"].values())

    def value(self, con: duckdb.DuckDBPyConnection, metric: str, where: str = "true") -> Decimal | None:
        """``metric`` over the rows for which ``where`` (on columns of its model) holds; None without rows."""
        known = self.metrics[metric]
        parameters = known["type_params"]
        if known["type"] == "simple":
            return self._simple(con, known, where)
        if known["type"] == "ratio":
            top = self.value(con, parameters["numerator"]["name"], where)
            bottom = self.value(con, parameters["denominator"]["name"], where)
            return None if top is None or not bottom else top / bottom
        parts = {m["alias"] or m["name"]: self.value(con, m["name"], where) for m in parameters["metrics"]}
        if None in parts.values():
            return None
        expression = re.sub(r"\w+", lambda word: str(parts.get(word[0], word[0])), parameters["expr"])
        (computed,) = con.execute(f"select ({expression})::decimal(28, 6)").fetchone() or (None,)
        return computed

    def _simple(self, con: duckdb.DuckDBPyConnection, metric: dict[str, Any], where: str) -> Decimal | None:
        name = metric["type_params"]["measure"]["name"]
        model, measure = next((s, m) for s in self._models for m in s["measures"] if m["name"] == name)
        columns = {d["name"]: d["expr"] or d["name"] for d in model["dimensions"]}
        (primary,) = (e["name"] for e in model["entities"] if e["type"] == "primary")

        def column(found: re.Match[str]) -> str:
            assert found[1] == primary, f"{metric['name']}: {found[0]} is not of {model['name']}"
            return str(columns[found[2]])

        filters = [f["where_sql_template"] for f in metric["filter"]["where_filters"]]
        conditions = " and ".join(f"({_DIMENSION.sub(column, f)})" for f in filters)
        assert "{{" not in conditions, conditions
        rows = f"select * from {model['node_relation']['alias']} where {conditions} and ({where})"
        last = measure["non_additive_dimension"]
        if last is not None:
            rows += f" qualify {last['name']} = max({last['name']}) over ()"
        (value,) = con.execute(
            f"with rows as ({rows}) select {measure['agg']}({measure['expr']}) from rows"
        ).fetchone() or (None,)
        return None if value is None else Decimal(value)
