"""``marts.duckdb`` and ``parquet/`` of a new release, written from the build and read back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import duckdb

from warehouse.connections import MARTS, sql_text
from warehouse.content import quoted
from warehouse.datapackage import ReleasedTable
from warehouse.release.catalog import NEW, OLD, Catalog, columns_differ
from warehouse.release.folders import FOLDER_MODE, Release, ReleaseError
from warehouse.release.macros import Macro
from warehouse.release.marts import Contents

#: Tables with more rows have no index of their primary key: for six million rows it takes as long as the rest of the
#: table, and single rows are looked up by other columns. The key is in datapackage.json and the dictionary.
KEY_INDEX_ROWS = 1_000_000
#: Bytes of DuckDB's blocks. Each column of a table takes at least one: with DuckDB's 256 KiB the hundred small tables
#: of a release take four times the space. A large table takes a third more in the smallest blocks: it gets larger ones.
SMALL_BLOCK_BYTES, LARGE_BLOCK_BYTES = 1 << 14, 1 << 16


def write_marts(build: Catalog, folder: Path, contents: Contents, unchanged: Mapping[str, Path]) -> None:
    """Write both, then read back. ``unchanged`` are sound Parquet files that hold the same rows, by table.

    Raises ReleaseError if what was written differs from the build.
    """
    (folder / "parquet").mkdir(mode=FOLDER_MODE)
    is_large = any(table.rows > KEY_INDEX_ROWS for table in contents.tables)
    block_bytes = LARGE_BLOCK_BYTES if is_large else SMALL_BLOCK_BYTES
    new = build.create(folder / "marts.duckdb", NEW, block_bytes=block_bytes)
    new.con.execute(f"create schema {quoted(NEW, MARTS)}")
    for table in contents.tables:
        write_table(build, new, table, folder / "parquet" / f"{table.name}.parquet", unchanged.get(table.name))
    new.con.execute(f"use {quoted(NEW, MARTS)}")
    for macro in contents.macros:
        _create_macro(new, macro)
    build.con.execute(f"use {quoted(build.name)}")
    build.con.execute(f"detach {NEW}")
    differing = _differing(build, build.attach(folder / "marts.duckdb", NEW), contents.tables)
    build.con.execute(f"detach {NEW}")
    if differing:
        raise ReleaseError(f"what was written differs from the build, for {differing}: nothing was published")


def write_table(build: Catalog, new: Catalog, table: ReleasedTable, parquet: Path, before: Path | None) -> None:
    """The table in the new release; its Parquet file is that of ``before`` if that has the same rows."""
    con, target = new.con, new.relation(table.name)
    key = ", ".join(map(quoted, table.primary_key))
    definitions = [f"{quoted(c.name)} {c.type}{'' if c.nullable else ' not null'}" for c in table.columns]
    if _has_index(table):
        definitions.append(f"primary key ({key})")
    con.execute(f"create table {target} ({', '.join(definitions)})")
    # A large table keeps the order it was made in, workbook by workbook: sorted by a key of hashes it would be larger.
    order = "" if table.rows > KEY_INDEX_ROWS else f"order by {key or 'all'}"
    con.execute(f"insert into {target} select * from {build.relation(table.name)} {order}")
    if table.description:
        con.execute(f"comment on table {target} is {sql_text(table.description)}")
    for column in table.columns:
        if column.description:
            con.execute(f"comment on column {target}.{quoted(column.name)} is {sql_text(column.description)}")
    if before is None:
        # A scan gives the rows as they were inserted, so the file has the same order.
        con.execute(f"copy (select * from {target}) to {sql_text(parquet)} (format parquet, compression zstd)")
        return
    try:
        os.link(before, parquet)
    except OSError:
        shutil.copyfile(before, parquet)


def _has_index(table: ReleasedTable) -> bool:
    return bool(table.primary_key) and table.rows <= KEY_INDEX_ROWS


def _create_macro(new: Catalog, macro: Macro) -> None:
    try:
        new.con.execute(f"create macro {quoted(macro.name)}{macro.sql}")
        # Binding the call fails here, and not for a reader, if the macro needs something that the release does not
        # contain.
        for call in macro.calls:
            new.con.execute(f"explain {call}")
    except duckdb.Error as error:
        raise ReleaseError(f"macro {MARTS}.{macro.name} does not work on the release: {error}") from error


def _differing(build: Catalog, new: Catalog, tables: Sequence[ReleasedTable]) -> list[str]:
    """Tables of the new release that differ from the build in rows, columns, descriptions or keys."""
    keys, comments, columns = new.primary_keys(), new.comments(), new.columns()
    differing = sorted(comments.keys() ^ {table.name for table in tables})
    for table in tables:
        if table.name in comments and (
            new.content(table.name) != build.content(table.name)
            or columns[table.name] != table.columns
            or comments[table.name] != table.description
            or keys.get(table.name, ()) != (table.primary_key if _has_index(table) else ())
        ):
            differing.append(table.name)
    return differing


def unchanged_files(
    build: Catalog, tables: Sequence[ReleasedTable], previous: Release | None, sound: Set[Path]
) -> dict[str, Path]:
    """Parquet files of the previous release (attached) that hold what the new one is going to, by table."""
    if previous is None:
        return {}
    columns = build.beside(OLD).columns()
    before = {table.name: table.content_sha256 for table in previous.tables}
    files = {table.name: previous.path / "parquet" / f"{table.name}.parquet" for table in tables}
    return {
        table.name: files[table.name]
        for table in tables
        if before.get(table.name) == table.content_sha256
        and not columns_differ(columns.get(table.name, ()), table.columns)
        and files[table.name] in sound
    }
