"""Differences of two releases: row counts by table, and the keys and columns that differ in one table.

Tables of the same name are compared by the columns both have; rows by hashes of eight bytes, so that millions fit in
memory. Releases are listed in :mod:`warehouse.release`. Returns counts and query results.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connections import MARTS, QueryResult, run_query, sql_text
from warehouse.content import count_differences, quoted
from warehouse.datapackage import DescribedTable, tables_of
from warehouse.release import Release, ReleaseError

OLDER, NEWER = "older", "newer"


@dataclass(frozen=True)
class TableDifference:
    """One table of two releases. Rows None: not in that release. Changed: the key is in both, with other content.

    Without a primary key that both have, a changed row is one removed and one added. ``columns`` names those that only
    one of the two has, with + or - in front.
    """

    table: str
    rows_before: int | None
    rows_now: int | None
    added: int
    removed: int
    changed: int
    columns: tuple[str, ...] = ()


def connect_both(older: Release, newer: Release) -> duckdb.DuckDBPyConnection:
    """A connection with both releases attached, read-only, as ``older`` and ``newer``.

    Raises ReleaseError if one of them is damaged.
    """
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    for catalog, release in ((OLDER, older), (NEWER, newer)):
        try:
            con.execute(f"attach {sql_text(release.path / 'marts.duckdb')} as {catalog} (read_only)")
        except duckdb.Error as error:
            con.close()
            raise ReleaseError(f"{release.path} cannot be opened ({error}): run `htx verify`") from error
    return con


def differences(older: Release, newer: Release) -> tuple[TableDifference, ...]:
    """Tables of which the rows or columns differ, by name."""
    before, now = _tables(older), _tables(newer)
    found = []
    with connect_both(older, newer) as con:
        for name in sorted(before.keys() | now.keys()):
            one, other = before.get(name), now.get(name)
            if one is None or other is None:
                rows_before, rows_now = (one.rows if one else None), (other.rows if other else None)
                found.append(TableDifference(name, rows_before, rows_now, rows_now or 0, rows_before or 0, 0))
            elif one.content_sha256 != other.content_sha256 or one.columns != other.columns:
                found.append(_compared(con, one, other))
    return tuple(found)


def changed_keys(older: Release, newer: Release, table: str, limit: int) -> QueryResult:
    """Rows of ``table`` added, removed or changed, at most ``limit``: which of these, the key, the columns that differ.

    Raises ReleaseError if a release does not have the table or it has no key that both share.
    """
    one, other = _tables(older).get(table), _tables(newer).get(table)
    for release, found in ((older, one), (newer, other)):
        if found is None:
            raise ReleaseError(f"release {release.name} has no table {table}")
    if one is None or other is None or not _shared_key(one, other):
        raise ReleaseError(f"{table} has no primary key that both releases share: rows cannot be matched")
    key = _shared_key(one, other)
    values = [column for column in _shared(one, other) if column not in key]
    using = ", ".join(map(quoted, key))
    differing = ", ".join(
        f"case when o.{quoted(column)} is distinct from n.{quoted(column)} then {sql_text(column)} end"
        for column in values
    )
    with connect_both(older, newer) as con:
        return run_query(
            con,
            f"""
            select
                case
                    when o.is_here is null then 'added'
                    when n.is_here is null then 'removed'
                    else 'changed'
                end as change,
                {using},
                case
                    when o.is_here and n.is_here then list_filter([{differing}], lambda c: c is not null)
                end as changed_columns
            from (select *, true as is_here from {quoted(OLDER, MARTS, table)}) as o
            full join (select *, true as is_here from {quoted(NEWER, MARTS, table)}) as n using ({using})
            where o.is_here is null or n.is_here is null or len(changed_columns) > 0
            order by all
            limit {int(limit)}
            """,
        )


def _tables(release: Release) -> Mapping[str, DescribedTable]:
    descriptor = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    return {table.name: table for table in tables_of(descriptor)}


def _shared(one: DescribedTable, other: DescribedTable) -> list[str]:
    return [name for name in one.columns if name in other.columns]


def _shared_key(one: DescribedTable, other: DescribedTable) -> tuple[str, ...]:
    return one.primary_key if one.primary_key == other.primary_key else ()


def _compared(con: duckdb.DuckDBPyConnection, one: DescribedTable, other: DescribedTable) -> TableDifference:
    shared = _shared(one, other)
    added, removed, changed = count_differences(
        con,
        quoted(OLDER, MARTS, one.name),
        quoted(NEWER, MARTS, one.name),
        columns=shared,
        key=_shared_key(one, other),
    )
    columns = [f"+{name}" for name in other.columns if name not in shared]
    columns += [f"-{name}" for name in one.columns if name not in shared]
    return TableDifference(one.name, one.rows, other.rows, added, removed, changed, tuple(columns))


def release_named(releases: Sequence[Release], name: str, folder: Path) -> Release:
    """The release called ``name``; raises ReleaseError with the names of all releases."""
    for release in releases:
        if release.name == name:
            return release
    there = ", ".join(release.name for release in releases) or "none"
    raise ReleaseError(f"there is no release {name} in {folder}; there are: {there}")


def as_result(found: Sequence[TableDifference]) -> QueryResult:
    """The differences as rows of a result."""
    columns = ("table_name", "rows_before", "rows_now", "added", "removed", "changed", "columns")
    types = ("VARCHAR", *["BIGINT"] * 5, "VARCHAR")
    rows = (
        (f.table, f.rows_before, f.rows_now, f.added, f.removed, f.changed, " ".join(f.columns) or None) for f in found
    )
    return QueryResult(columns, types, tuple(rows))
