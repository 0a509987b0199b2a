"""Connections to the two databases: the build file, which the pipeline alone opens, and the current release.

Here belong opening and querying; dbt and :mod:`warehouse.release` write the files. Nothing is opened on import.
Returns DuckDB connections, and plain query results for the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.layout import Layout

MARTS = "marts"
#: Name of the attached release. The file itself is called marts.duckdb and holds schema marts: under its own
#: name DuckDB would call ``marts.fct_x`` ambiguous.
RELEASE_CATALOG = "htx"


class NoReleaseError(LookupError):
    """There is no release to open; the message says what to do."""


class BuildUnavailableError(RuntimeError):
    """The build file is missing, damaged or held by another process; the message says which."""


class BuildHeldError(BuildUnavailableError):
    """Another process has the build file open."""


@dataclass(frozen=True)
class QueryResult:
    """Rows of a query with the names and DuckDB types of their columns."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sql_text(value: str | Path) -> str:
    """``value`` as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def connect_build(layout: Layout, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the working database; created if it is missing and ``read_only`` is false.

    While one process holds it read-write, no other may open it, not even to read. Raises
    BuildUnavailableError if it is missing (read-only) or damaged, BuildHeldError if another process holds it.
    """
    if read_only and not layout.database.is_file():
        raise BuildUnavailableError(f"{layout.database} does not exist: run `htx run` first")
    layout.database.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(layout.database), read_only=read_only)
    except duckdb.Error as error:
        if isinstance(error, duckdb.ConnectionException) or "lock" in str(error):
            raise BuildHeldError(
                f"{layout.database} is open elsewhere; close it or wait for the other run ({error})"
            ) from error
        raise BuildUnavailableError(f"{layout.database} cannot be read ({error})") from error
    con.execute("set TimeZone = 'UTC'")
    return con


def remove_build(layout: Layout) -> None:
    """Delete the working database: the next build is a full one."""
    for leftover in (layout.database, layout.database.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)


def connect_marts(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the ``marts.duckdb`` of a release folder, read-only, with schema ``marts`` first on the search path.

    Both ``fct_x`` and ``marts.fct_x`` find the table. The folder's link is resolved first: DuckDB shares one
    instance per path, and through the link a second opener would be given the release of the first.
    """
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"attach {sql_text(folder.resolve() / 'marts.duckdb')} as {RELEASE_CATALOG} (read_only)")
    con.execute(f"set search_path = '{RELEASE_CATALOG}.{MARTS}'")
    return con


def connect_release(layout: Layout) -> duckdb.DuckDBPyConnection:
    """Open the current release as :func:`connect_marts` does; it stays readable when a newer one is published.

    Raises NoReleaseError if nothing has been released yet.
    """
    if not (layout.current / "marts.duckdb").is_file():
        raise NoReleaseError(f"no release in {layout.home} yet: run `htx run` first")
    return connect_marts(layout.current)


def run_query(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> QueryResult:
    """Run ``sql`` with ``values`` for its ``?`` and fetch all of it; without a result: no columns and no rows.

    Raises duckdb.Error with DuckDB's message, which names the position in the query.
    """
    cursor = con.execute(sql, list(values))
    described = cursor.description or []
    return QueryResult(
        columns=tuple(str(item[0]) for item in described),
        types=tuple(str(item[1]) for item in described),
        rows=tuple(tuple(row) for row in cursor.fetchall()) if described else (),
    )
