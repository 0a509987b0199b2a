"""``changes.md``: rows per table of a release, compared with the one before."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.content import count_differences
from warehouse.datapackage import DescribedTable, ReleasedColumn, ReleasedTable
from warehouse.release.catalog import OLD, Catalog, columns_differ
from warehouse.release.folders import Release


def changes(
    build: Catalog, name: str, tables: Sequence[ReleasedTable], previous: Release | None, old: str = OLD
) -> str:
    """The text for release ``name``; the previous release is attached as ``old``."""
    lines = [f"# {name}", ""]
    before: dict[str, DescribedTable] = {}
    columns: dict[str, tuple[ReleasedColumn, ...]] = {}
    if previous is None:
        lines += ["The first release.", ""]
    else:
        before = {table.name: table for table in previous.tables}
        columns = build.beside(old).columns()
        lines += [
            f"Against {previous.name}. Changed: the row's key is in both. `htx diff --mart TABLE` shows which.",
            "",
        ]
    lines += ["| table | rows before | rows now | added | removed | changed |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [_of_table(build, table, before.get(table.name), old, columns.get(table.name, ())) for table in tables]
    kept = {table.name for table in tables}
    lines += [
        f"| {n} | {t.rows} | (table gone) | 0 | {t.rows} | 0 |" for n, t in sorted(before.items()) if n not in kept
    ]
    return "\n".join(lines) + "\n"


def _of_table(
    build: Catalog,
    table: ReleasedTable,
    before: DescribedTable | None,
    attached: str,
    columns: tuple[ReleasedColumn, ...],
) -> str:
    if before is None:
        return f"| {table.name} | (new table) | {table.rows} | {table.rows} | 0 | 0 |"
    if before.content_sha256 == table.content_sha256 and before.rows == table.rows:
        return f"| {table.name} | {before.rows} | {table.rows} | 0 | 0 | 0 |"
    old = build.beside(attached)
    if columns_differ(columns, table.columns):
        return f"| {table.name} | {before.rows} | {table.rows} | (columns changed) | | |"
    counts = count_differences(
        build.con,
        old.relation(table.name),
        build.relation(table.name),
        columns=[c.name for c in table.columns],
        key=table.primary_key if table.primary_key == before.primary_key else (),
    )
    return f"| {table.name} | {before.rows} | {table.rows} | {' | '.join(map(str, counts))} |"
