"""Table macros of the marts, rewritten so that they work on a release under whatever name it is attached."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from warehouse.connections import MARTS
from warehouse.content import quoted
from warehouse.release.catalog import Catalog
from warehouse.release.folders import ReleaseError


@dataclass(frozen=True)
class Macro:
    """A macro of the release: ``parameters`` are the names of each overload, ``calls`` test that each one works."""

    name: str
    sql: str
    calls: tuple[str, ...]
    parameters: tuple[tuple[str, ...], ...] = ()


def _strip_catalog(node: Any, build: str, foreign: set[str]) -> None:
    """Make every table reference of a parsed query relative to schema marts; collect those that are not in it."""
    if isinstance(node, list):
        for item in node:
            _strip_catalog(item, build, foreign)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            schema, catalog = node.get("schema_name", ""), node.get("catalog_name", "")
            if schema not in ("", MARTS) or catalog not in ("", build):
                foreign.add(".".join(filter(None, (catalog, schema, str(node.get("table_name"))))))
            node["schema_name"] = node["catalog_name"] = ""
        for item in node.values():
            _strip_catalog(item, build, foreign)


def _portable(build: Catalog, name: str, definition: str) -> str:
    """A table macro's query with unqualified tables: it works under whatever name the release is attached."""
    row = build.con.execute("select json_serialize_sql(?::varchar)", [definition]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise ReleaseError(f"table macro {MARTS}.{name} is no query that can be released: {tree.get('error_message')}")
    foreign: set[str] = set()
    _strip_catalog(tree, build.name, foreign)
    if foreign:
        raise ReleaseError(
            f"table macro {MARTS}.{name} reads {sorted(foreign)}, which no release holds: build it on schema {MARTS}"
        )
    text = build.con.execute("select json_deserialize_sql(?::json)", [json.dumps(tree)]).fetchone()
    if text is None:
        raise ReleaseError(f"table macro {MARTS}.{name} could not be written back")
    return str(text[0])


def read_macros(build: Catalog) -> tuple[Macro, ...]:
    """Macros of schema marts, by name; overloads stay together. Default values of parameters are not carried over."""
    overloads: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = {}
    for name, kind, parameters, definition in build.con.execute(
        """
        select function_name, function_type, parameters, macro_definition from duckdb_functions()
        where database_name = ? and schema_name = ? and function_type in ('macro', 'table_macro') and not internal
        order by function_name, len(parameters)
        """,
        [build.name, MARTS],
    ).fetchall():
        is_table = kind == "table_macro"
        body = f"table ({_portable(build, name, definition)})" if is_table else str(definition)
        arguments = ", ".join(quoted(parameter) for parameter in parameters)
        call = f"select * from {quoted(name)}({', '.join(['null'] * len(parameters))})"
        overloads.setdefault(name, []).append(
            (f"({arguments}) as {body}", (call,) if is_table else (), tuple(parameters))
        )
    return tuple(
        Macro(
            name,
            ", ".join(sql for sql, _, _ in parts),
            tuple(call for _, calls, _ in parts for call in calls),
            tuple(parameters for _, _, parameters in parts),
        )
        for name, parts in overloads.items()
    )
