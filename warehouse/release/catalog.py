"""An attached database as the release sees it: the tables of its schema ``marts``, their columns, keys and content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connections import MARTS, BuildUnavailableError, sql_text
from warehouse.content import quick_content, quoted
from warehouse.datapackage import ReleasedColumn
from warehouse.layout import Layout
from warehouse.release.folders import ReleaseError

#: Names under which the new release, the one before and its public part are attached; the build keeps its name,
#: because its views are bound to it.
NEW, OLD, OLD_PUBLIC = "release_new", "release_old", "release_old_public"


@dataclass(frozen=True)
class Catalog:
    """A database attached to ``con`` under ``name``."""

    con: duckdb.DuckDBPyConnection
    name: str

    def beside(self, name: str) -> Catalog:
        """Another database attached to the same connection."""
        return Catalog(self.con, name)

    def attach(self, path: Path, name: str) -> Catalog:
        """Attach a database file to the same connection, read-only."""
        self.con.execute(f"attach {sql_text(path)} as {quoted(name)} (read_only)")
        return self.beside(name)

    def create(self, path: Path, name: str, *, block_bytes: int) -> Catalog:
        """Attach a new database file with blocks of this size."""
        self.con.execute(f"attach {sql_text(path)} as {quoted(name)} (block_size {block_bytes})")
        return self.beside(name)

    def relation(self, table: str, schema: str = MARTS) -> str:
        """The quoted name of a table."""
        return quoted(self.name, schema, table)

    def comments(self) -> dict[str, str | None]:
        """Comments of tables and views of schema marts, in the order of their names."""
        rows = self.con.execute(
            """
            select table_name, comment from duckdb_tables()
            where database_name = $catalog and schema_name = $schema and not internal
            union all
            select view_name, comment from duckdb_views()
            where database_name = $catalog and schema_name = $schema and not internal
            order by 1
            """,
            {"catalog": self.name, "schema": MARTS},
        ).fetchall()
        return dict(rows)

    def columns(self) -> dict[str, tuple[ReleasedColumn, ...]]:
        """Columns of all tables, each in their order: a call for one table takes as long as one for all."""
        rows = self.con.execute(
            """
            select table_name, column_name, data_type, is_nullable, comment from duckdb_columns()
            where database_name = ? and schema_name = ? order by table_name, column_index
            """,
            [self.name, MARTS],
        ).fetchall()
        found: dict[str, list[ReleasedColumn]] = {}
        for table, name, kind, nullable, comment in rows:
            found.setdefault(table, []).append(ReleasedColumn(str(name), str(kind), bool(nullable), comment))
        return {table: tuple(columns) for table, columns in found.items()}

    def primary_keys(self) -> dict[str, tuple[str, ...]]:
        """Primary keys that tables declare by a constraint, by table."""
        rows = self.con.execute(
            """
            select table_name, constraint_column_names from duckdb_constraints()
            where database_name = ? and schema_name = ? and constraint_type = 'PRIMARY KEY'
            """,
            [self.name, MARTS],
        ).fetchall()
        return {name: tuple(columns) for name, columns in rows}

    def content(self, table: str, schema: str = MARTS) -> tuple[int, str]:
        """Row count and quick hash of a table."""
        return quick_content(self.con, self.relation(table, schema))


@contextmanager
def open_build(layout: Layout, memory_limit: str | None) -> Iterator[Catalog]:
    """The build, attached read-only. Raises ReleaseError if there is none, BuildUnavailableError if it is in use."""
    if not layout.database.is_file():
        raise ReleaseError(f"{layout.database} does not exist: build first")
    name = layout.database.stem
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"set temp_directory = {sql_text(layout.build / 'spill')}")
        if memory_limit:
            con.execute(f"set memory_limit = {sql_text(memory_limit)}")
        try:
            con.execute(f"attach {sql_text(layout.database)} as {quoted(name)} (read_only)")
        except (duckdb.IOException, duckdb.BinderException, duckdb.ConnectionException) as error:
            raise BuildUnavailableError(f"{layout.database} is open elsewhere: {error}") from error
        con.execute(f"use {quoted(name)}")
        yield Catalog(con, name)


def columns_differ(one: tuple[ReleasedColumn, ...], other: tuple[ReleasedColumn, ...]) -> bool:
    """Whether names or types of the columns of two tables differ."""
    return [(c.name, c.type) for c in one] != [(c.name, c.type) for c in other]
