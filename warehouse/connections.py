"""Connections to the two databases: the build file, which the pipeline alone opens, and the current release.

Contains opening and querying; dbt and :mod:`warehouse.release` write the files. Nothing is opened on import.
Returns DuckDB connections, and plain query results for the command line.
"""

from __future__ import annotations

import os
import tempfile
import threading
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

#: What a connection to a release may do, in this order: no files, other databases or extensions, no environment
#: variables, no more than these resources, and no change of these settings.
READER_SETTINGS = {
    "memory_limit": "'2GB'",
    "max_temp_directory_size": "'8GB'",
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


class NoReleaseError(LookupError):
    """There is no release to open; the message says what to do."""


class QueryStoppedError(RuntimeError):
    """A query exceeded the limits of a reader; the message says which."""


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


def connect_marts(folder: Path, *, with_files: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the ``marts.duckdb`` of a release folder, read-only, with schema ``marts`` first on the search path.

    Both ``fct_x`` and ``marts.fct_x`` find the table. The folder's link is resolved first: DuckDB shares one
    instance per path, and through the link a second opener would be given the release of the first. Whatever SQL
    is run, it reads this release and nothing else: :data:`READER_SETTINGS`. ``with_files``: for the SQL of this
    package, which may read other releases' files.
    """
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    try:
        con.execute(f"attach {sql_text(folder.resolve() / 'marts.duckdb')} as {RELEASE_CATALOG} (read_only)")
    except duckdb.Error as error:
        con.close()
        raise NoReleaseError(f"{folder.resolve()} cannot be opened ({error}): run `htx verify`") from error
    con.execute(f"set search_path = '{RELEASE_CATALOG}.{MARTS}'")
    # A folder of this process: other users cannot read what a query spills, and DuckDB removes it.
    con.execute(f"set temp_directory = {sql_text(Path(tempfile.gettempdir()) / f'htx-query-{os.getpid()}')}")
    for name, value in ({} if with_files else READER_SETTINGS).items():
        con.execute(f"set {name} = {value}")
    return con


def connect_release(layout: Layout, *, public: bool = False, with_files: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the current release as :func:`connect_marts` does; it stays readable when a newer one is published.

    ``public``: its public part. Raises NoReleaseError if nothing has been released yet, if the release is damaged, or
    if it has no public part.
    """
    if not (layout.current / "marts.duckdb").is_file():
        if layout.releases.is_dir() and any(not path.name.startswith(".") for path in layout.releases.iterdir()):
            raise NoReleaseError(f"{layout.current} points to no release: run `htx verify --repair`")
        raise NoReleaseError(f"no release in {layout.home} yet: run `htx run` first")
    if public and not (layout.public / "marts.duckdb").is_file():
        raise NoReleaseError("the current release has no public part: run `htx run --full-refresh`")
    return connect_marts(layout.public if public else layout.current, with_files=with_files)


def run_query(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = (), *, seconds: float | None = None
) -> QueryResult:
    """Run ``sql`` with ``values`` for its ``?`` and fetch all of it; without a result: no columns and no rows.

    Raises QueryStoppedError if it takes longer than ``seconds``, or accesses what :data:`READER_SETTINGS` forbids;
    else duckdb.Error with DuckDB's message, which names the position in the query.
    """
    timer = threading.Timer(seconds, con.interrupt) if seconds else None
    try:
        if timer:
            timer.start()
        cursor = con.execute(sql, list(values))
        described = cursor.description or []
        return QueryResult(
            columns=tuple(str(item[0]) for item in described),
            types=tuple(str(item[1]) for item in described),
            rows=tuple(tuple(row) for row in cursor.fetchall()) if described else (),
        )
    except duckdb.InterruptException as error:
        raise QueryStoppedError(f"the query was stopped after {seconds:g} seconds") from error
    except duckdb.PermissionException as error:
        raise QueryStoppedError(
            "a query reads the tables of the release and nothing else; files, other databases, extensions and "
            f"settings are closed to it ({str(error).splitlines()[0]})"
        ) from error
    except duckdb.OutOfMemoryException as error:
        limits = f"{READER_SETTINGS['memory_limit']} of memory and {READER_SETTINGS['max_temp_directory_size']} of disk"
        raise QueryStoppedError(
            f"the query needs more than {limits}; ask for fewer rows, or open the release in a client of yours"
        ) from error
    finally:
        if timer:
            timer.cancel()
