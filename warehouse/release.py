"""Write, audit, publish: a release is a numbered folder that is immutable once ``current`` points to it.

Here belong copying the marts out of the build, the checks before publishing and the atomic swap of ``current``.
dbt builds the marts. The verdict comes from the audit and is verified here against the build, because a failed check
does not stop a separate run from publishing. Returns the folder that readers open. No clock: the day is an argument.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from warehouse.connections import MARTS, BuildUnavailableError, sql_text
from warehouse.content import count_differences, quick_content, quoted, table_content
from warehouse.datapackage import (
    DescribedTable,
    ReleasedColumn,
    ReleasedTable,
    describe_release,
    tables_of,
)
from warehouse.dictionary import Lineage, Measure, dictionary_files
from warehouse.files import remove_tree
from warehouse.layout import Layout
from warehouse.recipes import cookbook_files, recipes

RESIDUAL_SCHEMA, RESIDUAL_TABLE = "reconciliation", "rec_residual"
#: Marts made from the audit's outcome; each must have as many rows as the audit counted.
AUDITED_MARTS = {"fct_reconciliation": "residuals", "fct_anomaly": "failed"}
RELEASE_NAME = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})-(\d+)")
STAGED = ".tmp-"
STAGED_LINK = ".current-"
#: Catalog names while copying; the build keeps the name its views were written under.
NEW, OLD = "release_new", "release_old"
#: Tables with more rows have no index on their primary key: on six million rows it takes as long as the rest of the
#: table, and single rows are looked up by other columns. The key is in datapackage.json and the dictionary.
KEY_INDEX_ROWS = 1_000_000
#: A release has rows about persons, if by pseudonyms: its owner and their group read it, nobody writes.
FILE_MODE, SEALED_FOLDER_MODE = 0o440, 0o550
FOLDER_MODE = 0o750
MEDIA_TYPES = {".sql": "application/sql", ".md": "text/markdown", ".html": "text/html"}


#: What must not be published, found in the folder of a release that is complete but for its name.
Inspection = Callable[[Path], Sequence[object]]


class ReleaseError(RuntimeError):
    """The release was refused or could not be written; ``current`` is as it was."""


@dataclass(frozen=True)
class Release:
    """A published folder. ``unchanged``: publishing found it holds the build's content already."""

    name: str
    path: Path
    tables: tuple[DescribedTable, ...]
    content_sha256: str
    inputs_fingerprint: str
    unchanged: bool = False


@dataclass(frozen=True)
class _Macro:
    name: str
    sql: str
    calls: tuple[str, ...]
    parameters: tuple[tuple[str, ...], ...] = ()


# --- reading what is there ---------------------------------------------------------------------------------


def _read_release(folder: Path) -> Release:
    try:
        descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        return Release(
            name=str(descriptor["version"]),
            path=folder,
            tables=tables_of(descriptor),
            content_sha256=str(descriptor["contentHash"]).removeprefix("sha256:"),
            inputs_fingerprint=str(descriptor["inputsFingerprint"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"{folder} is not a whole release: {error!r}") from error


def current_release(layout: Layout) -> Release | None:
    """The release ``current`` points to; None if nothing was released. Raises ReleaseError if it is damaged."""
    if not layout.current.is_symlink() and not layout.current.exists():
        return None
    return _read_release(layout.current.resolve())


def _whole(folder: Path | None) -> Release | None:
    """The release in ``folder`` if it is readable: a damaged old one must not keep a new one from coming."""
    try:
        if folder is None or not (folder / "marts.duckdb").is_file():
            return None
        return _read_release(folder.resolve())
    except ReleaseError:
        return None


def _newest_folder(layout: Layout) -> Path | None:
    named = [(numbers, path) for path in layout.releases.iterdir() if (numbers := _numbers(path.name))]
    return max(named)[1] if named else None


def _numbers(name: str) -> tuple[int, ...] | None:
    match = RELEASE_NAME.fullmatch(name)
    return tuple(int(part) for part in match.groups()) if match else None


def list_releases(layout: Layout) -> tuple[Release, ...]:
    """All releases, oldest first (by day, then by number within the day)."""
    if not layout.releases.is_dir():
        return ()
    named = [(numbers, path) for path in layout.releases.iterdir() if (numbers := _numbers(path.name))]
    return tuple(_read_release(path) for _, path in sorted(named))


def _next_name(layout: Layout, today: date) -> str:
    day = (today.year, today.month, today.day)
    taken = [n[3] for path in layout.releases.iterdir() if (n := _numbers(path.name)) and n[:3] == day]
    return f"{today:%Y.%m.%d}-{max(taken, default=0) + 1}"


# --- the gate ----------------------------------------------------------------------------------------------


def _check_verdict(audit_json: Mapping[str, Any]) -> None:
    if audit_json.get("passed") is not True:
        stopped = audit_json.get("gate", {}).get("stopped_by", [])
        shown = "; ".join(
            f"{s['rule']} at {s['where']}: expected {s['expected']}, actual {s['actual']}" for s in stopped
        )
        raise ReleaseError(f"the audit did not pass: {shown or audit_json.get('gate', {}).get('reason', 'no reason')}")
    declared, evaluated = audit_json.get("declared"), audit_json.get("evaluated")
    if declared is None or declared != evaluated:
        raise ReleaseError(f"the audit is incomplete: {declared} residuals declared, {evaluated} evaluated")


def _check_same_build(con: duckdb.DuckDBPyConnection, build: str, audit_json: Mapping[str, Any]) -> None:
    """The verdict must be about the residuals of this build, and the audited marts must be built after it."""
    try:
        rows, content = quick_content(con, quoted(build, RESIDUAL_SCHEMA, RESIDUAL_TABLE))
    except duckdb.CatalogException as error:
        raise ReleaseError(f"the build has no {RESIDUAL_SCHEMA}.{RESIDUAL_TABLE}: {error}") from error
    audited = audit_json.get("audited_residuals", {})
    if audited != {"count": rows, "content": content}:
        raise ReleaseError(
            f"the audit does not belong to this build: it judged {audited.get('count')} residuals "
            f"({audited.get('content')}), the build holds {rows} ({content}); audit again"
        )
    present = {name for name, _ in _relations(con, build)}
    for mart, counted in AUDITED_MARTS.items():
        if mart not in present:
            continue
        expected = audit_json.get("counts", {}).get(counted)
        rows = _count(con, quoted(build, MARTS, mart))
        if rows != expected:
            raise ReleaseError(
                f"{MARTS}.{mart} holds {rows} rows, the audit counted {expected}: "
                "run `dbt build --select tag:audited` after the audit"
            )


# --- the build's marts -------------------------------------------------------------------------------------


@contextmanager
def _open_build(layout: Layout, memory_limit: str | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection with the build attached read-only; yields it with the build's catalog name."""
    if not layout.database.is_file():
        raise ReleaseError(f"{layout.database} does not exist: build first")
    build = layout.database.stem
    con = duckdb.connect()
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"set temp_directory = {sql_text(layout.build / 'spill')}")
        if memory_limit:
            con.execute(f"set memory_limit = {sql_text(memory_limit)}")
        try:
            con.execute(f"attach {sql_text(layout.database)} as {quoted(build)} (read_only)")
        except (duckdb.IOException, duckdb.BinderException, duckdb.ConnectionException) as error:
            raise BuildUnavailableError(f"{layout.database} is open elsewhere: {error}") from error
        con.execute(f"use {quoted(build)}")
        yield con, build
    finally:
        con.close()


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = con.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _relations(con: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str | None]]:
    """Tables and views of schema marts with their comments, by name."""
    return [
        (str(name), comment)
        for name, comment in con.execute(
            """
            select table_name, comment from duckdb_tables()
            where database_name = $catalog and schema_name = $schema and not internal
            union all
            select view_name, comment from duckdb_views()
            where database_name = $catalog and schema_name = $schema and not internal
            order by 1
            """,
            {"catalog": catalog, "schema": MARTS},
        ).fetchall()
    ]


def _columns(con: duckdb.DuckDBPyConnection, catalog: str, table: str) -> tuple[ReleasedColumn, ...]:
    return tuple(
        ReleasedColumn(str(name), str(kind), bool(nullable), comment)
        for name, kind, nullable, comment in con.execute(
            """
            select column_name, data_type, is_nullable, comment from duckdb_columns()
            where database_name = ? and schema_name = ? and table_name = ? order by column_index
            """,
            [catalog, MARTS, table],
        ).fetchall()
    )


def _primary_keys(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, tuple[str, ...]]:
    """Primary keys that tables declare by a constraint, by table."""
    declared = con.execute(
        """
        select table_name, constraint_column_names from duckdb_constraints()
        where database_name = ? and schema_name = ? and constraint_type = 'PRIMARY KEY'
        """,
        [catalog, MARTS],
    ).fetchall()
    return {name: tuple(columns) for name, columns in declared}


def _read_tables(
    con: duckdb.DuckDBPyConnection, build: str, previous: Release | None, lineage: Mapping[str, Lineage]
) -> tuple[ReleasedTable, ...]:
    """The marts of the build; what the previous release (attached) holds the same of is not hashed again."""
    keys = _primary_keys(con, build) | {name: table.primary_key for name, table in lineage.items()}
    before = {table.name: table for table in previous.tables} if previous else {}
    return tuple(
        _read_table(con, build, name, text, keys.get(name, ()), before.get(name))
        for name, text in _relations(con, build)
    )


def _read_table(
    con: duckdb.DuckDBPyConnection,
    build: str,
    name: str,
    comment: str | None,
    primary_key: tuple[str, ...],
    before: DescribedTable | None,
) -> ReleasedTable:
    relation, columns = quoted(build, MARTS, name), _columns(con, build, name)
    if before is not None and _is_same(con, relation, quoted(OLD, MARTS, name), columns, _columns(con, OLD, name)):
        rows, sha256 = before.rows, before.content_sha256
    else:
        content = table_content(con, relation)
        rows, sha256 = content.rows, content.sha256
    return ReleasedTable(
        name=name,
        rows=rows,
        content_sha256=sha256,
        description=comment,
        primary_key=primary_key,
        columns=columns,
    )


def _is_same(
    con: duckdb.DuckDBPyConnection,
    one: str,
    other: str,
    columns: Sequence[ReleasedColumn],
    other_columns: Sequence[ReleasedColumn],
) -> bool:
    if [(c.name, c.type) for c in columns] != [(c.name, c.type) for c in other_columns]:
        return False
    return quick_content(con, one) == quick_content(con, other)


def _measures(
    con: duckdb.DuckDBPyConnection, build: str, tables: Sequence[ReleasedTable]
) -> dict[tuple[str, str], Measure]:
    """The definition of each measure, by table and column; none where the build does not define measures."""
    if not {"dim_measure", "dim_indicator"} <= {table.name for table in tables}:
        return {}
    rows = con.execute(
        f"select table_name, column_name, indicator_code, name_vi, name_en, definition_vi, definition_en, additivity, "
        f"authority from {quoted(build, MARTS, 'dim_measure')} "
        f"inner join {quoted(build, MARTS, 'dim_indicator')} using (indicator_code)"
    ).fetchall()
    return {(row[0], row[1]): Measure(*row[2:]) for row in rows}


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


def _portable(con: duckdb.DuckDBPyConnection, build: str, name: str, definition: str) -> str:
    """A table macro's query with unqualified tables: it works under whatever name the release is attached."""
    row = con.execute("select json_serialize_sql(?::varchar)", [definition]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise ReleaseError(f"table macro {MARTS}.{name} is no query that can be released: {tree.get('error_message')}")
    foreign: set[str] = set()
    _strip_catalog(tree, build, foreign)
    if foreign:
        raise ReleaseError(
            f"table macro {MARTS}.{name} reads {sorted(foreign)}, which no release holds: build it on schema {MARTS}"
        )
    text = con.execute("select json_deserialize_sql(?::json)", [json.dumps(tree)]).fetchone()
    if text is None:
        raise ReleaseError(f"table macro {MARTS}.{name} could not be written back")
    return str(text[0])


def _read_macros(con: duckdb.DuckDBPyConnection, build: str) -> tuple[_Macro, ...]:
    """Macros of schema marts, by name; overloads stay together. Default values of parameters are not carried over."""
    overloads: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = {}
    for name, kind, parameters, definition in con.execute(
        """
        select function_name, function_type, parameters, macro_definition from duckdb_functions()
        where database_name = ? and schema_name = ? and function_type in ('macro', 'table_macro') and not internal
        order by function_name, len(parameters)
        """,
        [build, MARTS],
    ).fetchall():
        is_table = kind == "table_macro"
        body = f"table ({_portable(con, build, name, definition)})" if is_table else str(definition)
        arguments = ", ".join(quoted(parameter) for parameter in parameters)
        call = f"select * from {quoted(name)}({', '.join(['null'] * len(parameters))})"
        overloads.setdefault(name, []).append(
            (f"({arguments}) as {body}", (call,) if is_table else (), tuple(parameters))
        )
    return tuple(
        _Macro(
            name,
            ", ".join(sql for sql, _, _ in parts),
            tuple(call for _, calls, _ in parts for call in calls),
            tuple(parameters for _, _, parameters in parts),
        )
        for name, parts in overloads.items()
    )


def _content_sha256(tables: Sequence[ReleasedTable], macros: Sequence[_Macro], texts: Mapping[str, str]) -> str:
    """One hash over everything a reader can see: columns, descriptions, rows, macros, texts beside them."""
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
            for table in tables
        ],
        "macros": [[macro.name, macro.sql] for macro in macros],
        "texts": dict(texts),
    }
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- writing -----------------------------------------------------------------------------------------------


def _has_index(table: ReleasedTable) -> bool:
    return bool(table.primary_key) and table.rows <= KEY_INDEX_ROWS


def _write_table(
    con: duckdb.DuckDBPyConnection, build: str, table: ReleasedTable, parquet: Path, before: Path | None
) -> None:
    """The table in the new release; its Parquet file is that of ``before`` where this has the same rows."""
    source, target = quoted(build, MARTS, table.name), quoted(NEW, MARTS, table.name)
    definitions = [
        f"{quoted(column.name)} {column.type}{'' if column.nullable else ' not null'}" for column in table.columns
    ]
    if _has_index(table):
        definitions.append(f"primary key ({', '.join(quoted(column) for column in table.primary_key)})")
    con.execute(f"create table {target} ({', '.join(definitions)})")
    # A large table keeps the order it was made in, workbook by workbook: by a key of hashes it would only be larger.
    key = ", ".join(quoted(column) for column in table.primary_key) or "all"
    order = "" if table.rows > KEY_INDEX_ROWS else f"order by {key}"
    con.execute(f"insert into {target} select * from {source} {order}")
    if table.description:
        con.execute(f"comment on table {target} is {sql_text(table.description)}")
    for column in table.columns:
        if column.description:
            con.execute(f"comment on column {target}.{quoted(column.name)} is {sql_text(column.description)}")
    if before is not None:
        try:
            os.link(before, parquet)
        except OSError:
            shutil.copyfile(before, parquet)
        return
    # A scan gives the rows as they were inserted, so the file has the same order.
    con.execute(f"copy (select * from {target}) to {sql_text(parquet)} (format parquet, compression zstd)")


def _write_marts(
    con: duckdb.DuckDBPyConnection,
    build: str,
    folder: Path,
    tables: Sequence[ReleasedTable],
    macros: Sequence[_Macro],
    previous: Release | None,
) -> None:
    """``marts.duckdb`` and ``parquet/``, then read back: what was written must hash like what was read."""
    same = _same_as_before(con, tables, previous)
    database = folder / "marts.duckdb"
    (folder / "parquet").mkdir(mode=FOLDER_MODE)
    con.execute(f"attach {sql_text(database)} as {NEW}")
    con.execute(f"create schema {quoted(NEW, MARTS)}")
    for table in tables:
        _write_table(con, build, table, folder / "parquet" / f"{table.name}.parquet", same.get(table.name))
    con.execute(f"use {quoted(NEW, MARTS)}")
    for macro in macros:
        try:
            con.execute(f"create macro {quoted(macro.name)}{macro.sql}")
            # Binding the call finds what the macro needs and the release does not hold, before a reader does.
            for call in macro.calls:
                con.execute(f"explain {call}")
        except duckdb.Error as error:
            raise ReleaseError(f"macro {MARTS}.{macro.name} does not work on the release: {error}") from error
    con.execute(f"use {quoted(build)}")
    con.execute(f"detach {NEW}")
    con.execute(f"attach {sql_text(database)} as {NEW} (read_only)")
    differing = _differing(con, build, tables)
    con.execute(f"detach {NEW}")
    if differing:
        raise ReleaseError(f"what was written differs from the build, for {differing}: nothing was published")


def _differing(con: duckdb.DuckDBPyConnection, build: str, tables: Sequence[ReleasedTable]) -> list[str]:
    """Tables of the new release that are not as they are in the build: rows, columns, descriptions, keys."""
    keys, comments = _primary_keys(con, NEW), dict(_relations(con, NEW))
    differing = sorted(comments.keys() ^ {table.name for table in tables})
    for table in tables:
        if table.name in comments and (
            quick_content(con, quoted(NEW, MARTS, table.name)) != quick_content(con, quoted(build, MARTS, table.name))
            or _columns(con, NEW, table.name) != table.columns
            or comments[table.name] != table.description
            or keys.get(table.name, ()) != (table.primary_key if _has_index(table) else ())
        ):
            differing.append(table.name)
    return differing


def _same_as_before(
    con: duckdb.DuckDBPyConnection, tables: Sequence[ReleasedTable], previous: Release | None
) -> dict[str, Path]:
    """Parquet files of the previous release (attached) that hold what the new one is going to, by table."""
    if previous is None:
        return {}
    before = {table.name: table.content_sha256 for table in previous.tables}
    files = {table.name: previous.path / "parquet" / f"{table.name}.parquet" for table in tables}
    return {
        table.name: files[table.name]
        for table in tables
        if before.get(table.name) == table.content_sha256
        and [(c.name, c.type) for c in _columns(con, OLD, table.name)] == [(c.name, c.type) for c in table.columns]
        and files[table.name].is_file()
    }


def _changes_of_table(
    con: duckdb.DuckDBPyConnection, build: str, table: ReleasedTable, before: DescribedTable | None
) -> str:
    if before is None:
        return f"| {table.name} | (new table) | {table.rows} | {table.rows} | 0 | 0 |"
    if before.content_sha256 == table.content_sha256 and before.rows == table.rows:
        return f"| {table.name} | {before.rows} | {table.rows} | 0 | 0 | 0 |"
    old, new = quoted(OLD, MARTS, table.name), quoted(build, MARTS, table.name)
    old_shape = [(c.name, c.type) for c in _columns(con, OLD, table.name)]
    if old_shape != [(c.name, c.type) for c in table.columns]:
        return f"| {table.name} | {before.rows} | {table.rows} | (columns changed) | | |"
    key = table.primary_key if table.primary_key == before.primary_key else ()
    counts = count_differences(con, old, new, columns=[c.name for c in table.columns], key=key)
    return f"| {table.name} | {before.rows} | {table.rows} | {' | '.join(map(str, counts))} |"


def _changes(
    con: duckdb.DuckDBPyConnection, build: str, name: str, tables: Sequence[ReleasedTable], previous: Release | None
) -> str:
    """``changes.md``: rows per table against the previous release."""
    lines = [f"# {name}", ""]
    before: dict[str, DescribedTable] = {}
    if previous is None:
        lines += ["The first release.", ""]
    else:
        before = {table.name: table for table in previous.tables}
        lines += [
            f"Against {previous.name}. Changed: the row's key is in both. `htx diff --mart TABLE` shows which.",
            "",
        ]
    lines += ["| table | rows before | rows now | added | removed | changed |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [_changes_of_table(con, build, table, before.get(table.name)) for table in tables]
    kept = {table.name for table in tables}
    lines += [
        f"| {n} | {t.rows} | (table gone) | 0 | {t.rows} | 0 |" for n, t in sorted(before.items()) if n not in kept
    ]
    return "\n".join(lines) + "\n"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seal(folder: Path) -> None:
    """Make every file read-only and everything durable before the folder gets its name."""
    for path in sorted(folder.rglob("*")):
        path.chmod(FILE_MODE if path.is_file() else SEALED_FOLDER_MODE)
        _sync(path)
    folder.chmod(SEALED_FOLDER_MODE)
    _sync(folder)


def _name(staged: Path, final: Path) -> None:
    staged.rename(final)
    _sync(final.parent)


def _activate(layout: Layout, name: str) -> None:
    """Point ``current`` to release ``name`` in one step; readers see the old or the new one, never neither."""
    if layout.current.exists() and not layout.current.is_symlink():
        raise ReleaseError(f"{layout.current} is not a link; move it away, it is where readers find the release")
    aside = Path(tempfile.mkdtemp(prefix=STAGED_LINK, dir=layout.home))
    link = aside / "link"
    link.symlink_to(Path(layout.releases.name) / name)
    link.replace(layout.current)
    aside.rmdir()
    _sync(layout.home)


def _clear_leftovers(layout: Layout) -> None:
    """Remove what a killed run left half-written; nobody reads these names."""
    for path in (*layout.releases.glob(f"{STAGED}*"), *layout.home.glob(f"{STAGED_LINK}*")):
        remove_tree(path)


def _inspect(staged: Path, inspect: Inspection | None) -> None:
    if found := inspect(staged) if inspect else ():
        raise ReleaseError(
            f"the release was stopped before it was published; found in it: {'; '.join(map(str, found))}. "
            "Correct the source or its reading, or list an exception with its reason in expectations/personal_data.yml"
        )


def _write_release(
    con: duckdb.DuckDBPyConnection,
    build: str,
    layout: Layout,
    name: str,
    *,
    tables: Sequence[ReleasedTable],
    macros: Sequence[_Macro],
    texts: Mapping[str, str],
    content_sha256: str,
    inputs_fingerprint: str,
    audit_json: Mapping[str, Any],
    previous: Release | None,
    inspect: Inspection | None,
) -> Release:
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=layout.releases))
    staged.chmod(FOLDER_MODE)
    try:
        _write_marts(con, build, staged, tables, macros, previous)
        (staged / "changes.md").write_text(_changes(con, build, name, tables, previous), encoding="utf-8")
        # Seconds differ from run to run; an equal input gives an equal release.
        audit = {key: value for key, value in audit_json.items() if key != "timings"}
        (staged / "audit.json").write_text(_json(audit), encoding="utf-8")
        for path, text in texts.items():
            (staged / path).parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            (staged / path).write_text(text, encoding="utf-8")
        descriptor = describe_release(
            staged,
            version=name,
            tables=tables,
            content_sha256=content_sha256,
            inputs_fingerprint=inputs_fingerprint,
            extra_files={
                "marts.duckdb": "application/vnd.duckdb",
                "audit.json": "application/json",
                "changes.md": "text/markdown",
                **{path: MEDIA_TYPES[Path(path).suffix] for path in texts},
            },
        )
        (staged / "datapackage.json").write_text(_json(descriptor), encoding="utf-8")
        _inspect(staged, inspect)
        _seal(staged)
        final = layout.releases / name
        _name(staged, final)
    except BaseException:
        remove_tree(staged)
        raise
    return _read_release(final)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def publish(
    layout: Layout,
    *,
    audit_json: Mapping[str, Any],
    inputs_fingerprint: str,
    today: date,
    lineage: Mapping[str, Lineage] | None = None,
    memory_limit: str | None = None,
    inspect: Inspection | None = None,
) -> Release:
    """Publish the build's marts as ``releases/<YYYY.MM.DD-n>`` and point ``current`` to it.

    ``audit_json`` is the verdict as written by the audit; ``today`` names the release; ``lineage`` gives the primary
    key of each table and, for the dictionary, what it is made from; ``memory_limit`` is DuckDB's (what does not fit is
    written aside); ``inspect`` looks at the staged folder and returns what must not be published. If the current
    release already holds the same content it is returned with ``unchanged=True``; if a run was killed between writing
    and pointing, the whole release it left is taken up. Nobody may hold the build file read-write. Raises ReleaseError
    if the audit did not pass, is incomplete or judged another build, if the copy differs from the build, or if
    ``inspect`` found something; ``current`` then stays as it was.
    """
    _check_verdict(audit_json)
    layout.releases.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(layout.releases / ".lock", timeout=0):
            return _publish(layout, audit_json, inputs_fingerprint, today, lineage or {}, memory_limit, inspect)
    except Timeout as error:
        raise ReleaseError(f"another process is publishing in {layout.releases}") from error


def _publish(
    layout: Layout,
    audit_json: Mapping[str, Any],
    inputs_fingerprint: str,
    today: date,
    lineage: Mapping[str, Lineage],
    memory_limit: str | None,
    inspect: Inspection | None,
) -> Release:
    _clear_leftovers(layout)
    current = _whole(layout.current)
    with _open_build(layout, memory_limit) as (con, build):
        _check_same_build(con, build, audit_json)
        if current is not None:
            con.execute(f"attach {sql_text(current.path / 'marts.duckdb')} as {OLD} (read_only)")
        tables = _read_tables(con, build, current, lineage)
        if not tables:
            raise ReleaseError(f"the build has no table in schema {MARTS}: run dbt build first")
        macros = _read_macros(con, build)
        texts = cookbook_files() | dictionary_files(
            tables,
            {macro.name: macro.parameters for macro in macros},
            measures=_measures(con, build, tables),
            lineage=lineage,
            recipes=recipes(),
        )
        content_sha256 = _content_sha256(tables, macros, texts)
        if current is not None and current.content_sha256 == content_sha256:
            return replace(current, unchanged=True)
        unpointed = _whole(_newest_folder(layout))
        if unpointed is not None and unpointed.content_sha256 == content_sha256 and _is_later(unpointed, current):
            release = unpointed
        else:
            release = _write_release(
                con,
                build,
                layout,
                _next_name(layout, today),
                tables=tables,
                macros=macros,
                texts=texts,
                content_sha256=content_sha256,
                inputs_fingerprint=inputs_fingerprint,
                audit_json=audit_json,
                previous=current,
                inspect=inspect,
            )
    _activate(layout, release.name)
    return release


def _is_later(release: Release, than: Release | None) -> bool:
    return than is None or (_numbers(release.name) or ()) > (_numbers(than.name) or ())
