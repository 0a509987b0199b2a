"""``datapackage.json``: a release as a Frictionless Data Package (version 2).

Contains the description only: :mod:`warehouse.release` reads the tables and writes the file. No clock: the
version is the release's name. Beside the standard's properties stand ``rowCount``, ``contentHash`` (the rows
whatever their order), ``unit``, ``inputsFingerprint`` and ``releaseKind``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "htx-data-bank"
TITLE = "Ngân hàng dữ liệu hợp tác xã Việt Nam"
DESCRIPTION = (
    "Số liệu đã kiểm tra về hợp tác xã, liên hiệp hợp tác xã và tổ hợp tác, từ báo cáo của các tỉnh, thành phố và tin "
    "bài. Audited data on Vietnam's cooperatives from provincial reports and news."
)
LICENSE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
UNIT_BY_SUFFIX = {"_vnd": "VND", "_pct": "percent", "_count": "count", "_ha": "ha", "_days": "day"}
#: DuckDB types by their first word; anything else is described as text.
FIELD_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
    "DECIMAL": "number",
    "FLOAT": "number",
    "DOUBLE": "number",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "STRUCT": "object",
    "MAP": "object",
    "JSON": "object",
}


@dataclass(frozen=True)
class ReleasedColumn:
    """A column of a mart: DuckDB type, whether it may be null, description (Vietnamese and English, from dbt)."""

    name: str
    type: str
    nullable: bool
    description: str | None


@dataclass(frozen=True)
class ReleasedTable:
    """A table of a release: its rows, their order-independent hash, and its description in dbt."""

    name: str
    rows: int
    content_sha256: str
    description: str | None
    primary_key: tuple[str, ...]
    columns: tuple[ReleasedColumn, ...]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def field_type(duckdb_type: str) -> str:
    """The Table Schema type of a DuckDB type: ``DECIMAL(24,0)`` is ``number``, ``VARCHAR[]`` is ``array``."""
    if duckdb_type.endswith("]"):
        return "array"
    return FIELD_TYPES.get(duckdb_type.split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0], "string")


def unit_of(column: ReleasedColumn) -> str | None:
    """The unit of a figure, by its name: ``outstanding_vnd`` is in đồng. None if the column is not a figure."""
    if field_type(column.type) not in ("integer", "number"):
        return None
    return next((unit for suffix, unit in UNIT_BY_SUFFIX.items() if column.name.endswith(suffix)), None)


def _field(column: ReleasedColumn) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": field_type(column.type)}
    unit = unit_of(column)
    if unit:
        field["unit"] = unit
    if column.description:
        field["description"] = column.description
    if not column.nullable:
        field["constraints"] = {"required": True}
    return field


def _file(path: Path, folder: Path, name: str, media_type: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": path.relative_to(folder).as_posix(),
        "format": path.suffix.removeprefix("."),
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
    }


def _table_resource(table: ReleasedTable, folder: Path) -> dict[str, Any]:
    resource = _file(folder / "parquet" / f"{table.name}.parquet", folder, table.name, "application/vnd.apache.parquet")
    resource["rowCount"] = table.rows
    resource["contentHash"] = f"sha256:{table.content_sha256}"
    if table.description:
        resource["description"] = table.description
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    resource["schema"] = schema
    return resource


def describe_release(
    folder: Path,
    *,
    version: str,
    tables: Sequence[ReleasedTable],
    content_sha256: str,
    inputs_fingerprint: str,
    extra_files: Mapping[str, str],
    kind: str = "internal",
) -> dict[str, Any]:
    """The descriptor of the release written in ``folder``.

    ``tables`` lie in ``folder/parquet``; ``extra_files`` maps other files' names to their media types. Sizes
    and hashes are read from the files, so they must be complete. ``kind``: internal or public.
    """
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": version,
        "releaseKind": kind,
        "licenses": [dict(LICENSE)],
        "contentHash": f"sha256:{content_sha256}",
        "inputsFingerprint": inputs_fingerprint,
        "resources": [
            *(_table_resource(table, folder) for table in tables),
            *(
                _file(folder / name, folder, re.sub(r"[^a-z0-9]+", "-", name.lower()), media_type)
                for name, media_type in extra_files.items()
            ),
        ],
    }


@dataclass(frozen=True)
class DescribedTable:
    """A table of a descriptor: row count, order-independent content hash, primary key and columns by name."""

    name: str
    rows: int
    content_sha256: str
    primary_key: tuple[str, ...]
    columns: tuple[str, ...]


def tables_of(descriptor: Mapping[str, Any]) -> tuple[DescribedTable, ...]:
    """Every table a descriptor names, in its order."""
    return tuple(
        DescribedTable(
            name=str(r["name"]),
            rows=int(r["rowCount"]),
            content_sha256=str(r["contentHash"]).removeprefix("sha256:"),
            primary_key=tuple(map(str, r["schema"].get("primaryKey", ()))),
            columns=tuple(str(field["name"]) for field in r["schema"]["fields"]),
        )
        for r in descriptor["resources"]
        if "rowCount" in r
    )
