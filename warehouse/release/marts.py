"""The content that a build publishes: tables with their hashes, macros, texts, and one hash over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from warehouse.connections import MARTS
from warehouse.content import table_content
from warehouse.datapackage import DescribedTable, ReleasedColumn, ReleasedTable
from warehouse.dictionary import Lineage, Measure, dictionary_files
from warehouse.recipes import Recipe, cookbook_files, recipes
from warehouse.release.catalog import OLD, Catalog, columns_differ
from warehouse.release.folders import Release, ReleaseError
from warehouse.release.macros import Macro, read_macros


@dataclass(frozen=True)
class Contents:
    """Everything a reader of a release can see; ``texts`` are files by their path in it.

    ``policy`` is the fingerprint of the disclosure policy by which its public part is made.
    """

    tables: tuple[ReleasedTable, ...]
    macros: tuple[Macro, ...]
    texts: Mapping[str, str]
    policy: str = ""

    @cached_property
    def sha256(self) -> str:
        """One hash over columns, descriptions, rows, macros and texts."""
        seen = {
            "tables": [
                {
                    "name": table.name,
                    "description": table.description,
                    "primary_key": table.primary_key,
                    "columns": [[c.name, c.type, c.nullable, c.description] for c in table.columns],
                    "rows": table.rows,
                    "sha256": table.content_sha256,
                }
                for table in self.tables
            ],
            "macros": [[macro.name, macro.sql] for macro in self.macros],
            "texts": dict(self.texts),
        } | ({"policy": self.policy} if self.policy else {})
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_contents(
    build: Catalog, previous: Release | None, lineage: Mapping[str, Lineage], policy: str = ""
) -> Contents:
    """The content of the build. Raises ReleaseError if it has no mart, or a macro that no release can hold."""
    tables = _read_tables(build, previous, lineage)
    if not tables:
        raise ReleaseError(f"the build has no table in schema {MARTS}: run dbt build first")
    macros = read_macros(build)
    return Contents(tables, macros, texts_of(build, tables, macros, lineage, recipes()), policy)


def texts_of(
    build: Catalog,
    tables: Sequence[ReleasedTable],
    macros: Sequence[Macro],
    lineage: Mapping[str, Lineage],
    questions: Sequence[Recipe],
) -> dict[str, str]:
    """The files of ``cookbook/`` and ``dictionary/`` of a release with these tables, by path."""
    pages = dictionary_files(
        tables,
        {macro.name: macro.parameters for macro in macros},
        measures=_read_measures(build, tables),
        lineage=lineage,
        recipes=questions,
    )
    return cookbook_files(questions) | pages


def _read_tables(build: Catalog, previous: Release | None, lineage: Mapping[str, Lineage]) -> tuple[ReleasedTable, ...]:
    """The marts of the build, by name. Tables that the previous release (attached) holds unchanged are not rehashed."""
    keys = build.primary_keys() | {name: table.primary_key for name, table in lineage.items()}
    before = {table.name: table for table in previous.tables} if previous else {}
    columns, old_columns = build.columns(), build.beside(OLD).columns() if previous else {}
    return tuple(
        _read_table(
            build,
            name,
            comment,
            keys.get(name, ()),
            columns[name],
            None if columns_differ(columns[name], old_columns.get(name, ())) else before.get(name),
        )
        for name, comment in build.comments().items()
    )


def _read_table(
    build: Catalog,
    name: str,
    comment: str | None,
    primary_key: tuple[str, ...],
    columns: tuple[ReleasedColumn, ...],
    before: DescribedTable | None,
) -> ReleasedTable:
    """``before`` is the table of the previous release, if it has these columns."""
    if before is not None and _is_unchanged(build, name):
        rows, sha256 = before.rows, before.content_sha256
    else:
        content = table_content(build.con, build.relation(name))
        rows, sha256 = content.rows, content.sha256
    return ReleasedTable(
        name=name,
        rows=rows,
        content_sha256=sha256,
        description=comment,
        primary_key=primary_key,
        columns=columns,
    )


def _is_unchanged(build: Catalog, table: str) -> bool:
    return build.content(table) == build.beside(OLD).content(table)


def _read_measures(build: Catalog, tables: Sequence[ReleasedTable]) -> dict[tuple[str, str], Measure]:
    """The definition of each measure, by table and column; none where the build does not define measures."""
    if not {"dim_measure", "dim_indicator"} <= {table.name for table in tables}:
        return {}
    rows = build.con.execute(
        f"select table_name, column_name, indicator_code, name_vi, name_en, definition_vi, definition_en, additivity, "
        f"authority from {build.relation('dim_measure')} "
        f"inner join {build.relation('dim_indicator')} using (indicator_code)"
    ).fetchall()
    return {(row[0], row[1]): Measure(*row[2:]) for row in rows}
