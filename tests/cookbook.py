"""Questions of the cookbook, asked by tests."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.recipes import cook, find_recipe


def answer(connection: duckdb.DuckDBPyConnection, recipe: str, **values: str) -> list[dict[str, Any]]:
    """The rows of a recipe, ``values`` by variable; ``connection`` has schema marts on its path."""
    found = cook(connection, find_recipe(recipe), values)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
