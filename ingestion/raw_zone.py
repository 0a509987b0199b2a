"""The append-only raw zone: Parquet files ``raw/<table>/<batch>.parquet``.

A batch is written table by table and counts only once its artifacts are in ``_artifacts``, which is written last: the
files of a killed run are not read, and the next run overwrites them. No row is ever edited or deleted; rows of many
batches are moved into one file by :mod:`ingestion.raw_compaction`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.raw_schema import META_TABLES
from warehouse.files import written_aside

#: Tables whose rows were noted as they came; the archive cannot make them again.
LOGS = frozenset({"_received", "_fetches", "_validity", "_host_waits"})
#: The first and the last bytes of a Parquet file.
_MAGIC = b"PAR1"
#: Files with the rows of several batches; their names are in the metadata of the file.
COMPACTED = "compacted-"
BATCHES_KEY = b"htx.batches"


class DamagedRawError(RuntimeError):
    """A file of the raw zone cannot be read; the message names it and the remedy."""


@dataclass(frozen=True)
class Reading:
    """The latest reading of an artifact: number, fingerprint of the reader, batch of the rows, and envelope."""

    reading: int
    fingerprint: str
    batch_id: str
    kind: str
    name: str
    received_at: datetime


@dataclass(frozen=True)
class RawZone:
    """Parquet tables below ``root``."""

    root: Path

    def readings(self) -> dict[str, Reading]:
        """Latest committed reading by artifact SHA-256."""
        columns = ["artifact_sha256", "reading", "reader_fingerprint", "batch_id", "kind", "name", "received_at"]
        latest: dict[str, Reading] = {}
        for row in self.read("_artifacts", columns=columns).to_pylist():
            sha, *values = (row[column] for column in columns)
            # Of equal numbers the higher batch, as in stg_artifact: the order of files has no part in it.
            if sha not in latest or _rank(latest[sha]) < (row["reading"], row["batch_id"]):
                latest[sha] = Reading(*values)
        return latest

    def append(self, tables: Mapping[str, pa.Table], artifacts: pa.Table) -> str:
        """Write one batch; ``artifacts`` (schema of ``_artifacts``) commits it. Returns the batch id.

        The id is a hash of the artifacts and their readers' fingerprints, so a repeated attempt overwrites its files.
        The ``batch_id`` column of every table is filled here. An empty ``artifacts`` writes nothing.
        """
        if artifacts.num_rows == 0:
            return ""
        keys = artifacts.select(["artifact_sha256", "reading", "reader_fingerprint"]).to_pylist()
        identity = "\n".join(sorted("|".join(map(str, key.values())) for key in keys))
        batch_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
        if batch_id in self.compacted_batches("_artifacts"):
            return batch_id
        for name, table in tables.items():
            if table.num_rows:
                self._write(name, batch_id, table)
        self._write("_artifacts", batch_id, artifacts)
        return batch_id

    def append_log(self, name: str, table: pa.Table) -> str:
        """Write rows of a log table (``_fetches``, ``_received``), each batch committed by itself."""
        if table.num_rows == 0:
            return ""
        batch_id = hashlib.sha256(repr(table.to_pylist()).encode()).hexdigest()[:16]
        if batch_id not in self.compacted_batches(name):
            self._write(name, batch_id, table)
        return batch_id

    def compacted_batches(self, name: str) -> frozenset[str]:
        """Batches of a table that are in files with others: their own files must not be written again."""
        files = (self.root / name).glob(f"{COMPACTED}*.parquet")
        return frozenset(batch for file in files for batch in batches_of(file))

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """All rows of ``name`` in file-name order, committed or not for form tables; empty if there is none.

        Columns of a meta table that an older file does not have yet are null. Raises FileNotFoundError for a form
        without rows, DamagedRawError for a file that is damaged.
        """
        try:
            return self._read_files(name, columns)
        except FileNotFoundError:
            # Files were compacted between their listing and their opening.
            return self._read_files(name, columns)

    def _read_files(self, name: str, columns: list[str] | None) -> pa.Table:
        files = sorted((self.root / name).glob("*.parquet"))
        schema = META_TABLES.get(name)
        if not files:
            if schema is None:
                raise FileNotFoundError(f"the raw zone has no table {name!r} yet")
            empty = schema.empty_table()
            return empty.select(columns) if columns else empty
        parts = [_read(file, columns, schema) for file in files]
        return pa.concat_tables(parts, promote_options="default")

    def fingerprint(self) -> str:
        """Hash of the artifacts and their readers' fingerprints: equal hashes mean equal rows, in any order of arrival.

        It includes the time of receipt of workbooks, not of pages.
        """
        lines = sorted(
            f"{sha} {reading.fingerprint} {reading.received_at if reading.kind == 'workbook' else ''}"
            for sha, reading in self.readings().items()
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def damaged(self) -> list[Path]:
        """Parquet files that cannot be read to their end, and missing files of committed batches."""
        unreadable = [path for path in sorted(self.root.glob("*/*.parquet")) if not _is_readable(path)]
        return unreadable + self._missing(set(unreadable))

    def truncated(self) -> list[Path]:
        """Like :meth:`damaged`, but of each file only the first and the last bytes are read."""
        cut = [path for path in sorted(self.root.glob("*/*.parquet")) if not _is_closed(path)]
        return cut + self._missing(set(cut))

    def _missing(self, damaged: set[Path]) -> list[Path]:
        """Files of forms that a committed batch loaded rows into and that are gone."""
        commits = {path.stem for path in (self.root / "_artifacts").glob("*.parquet")}
        expected: set[Path] = set()
        for path in sorted((self.root / "_sheets").glob("*.parquet")):
            if path.stem in commits and path not in damaged:
                sheets = _read(path, ["form", "rows_loaded"], None).to_pylist()
                forms = {row["form"] for row in sheets if row["form"] and row["rows_loaded"]}
                expected.update(self.root / form.lower() / path.name for form in forms)
        return sorted(path for path in expected if not path.exists())

    def set_aside(self, damaged: Path) -> bool:
        """Take a damaged file, and all files of its batch, out of the zone; returns whether the archive can replace it.

        Without the batch's commit record its artifacts count as unread, so the next run reads them again. Rows of
        :data:`LOGS` come from nowhere else: such a file is only reported.
        """
        if damaged.parent.name in LOGS:
            return False
        for path in sorted(self.root.glob(f"*/{damaged.name}")):
            if path.parent.name not in LOGS:
                path.rename(path.with_suffix(".damaged"))
        return True

    def _write(self, name: str, batch_id: str, table: pa.Table) -> None:
        if "batch_id" in table.column_names:
            position = table.column_names.index("batch_id")
            table = table.set_column(position, "batch_id", pa.array([batch_id] * table.num_rows, pa.string()))
        with written_aside(self.root / name / f"{batch_id}.parquet") as aside:
            pq.write_table(table, aside, compression="zstd")


def _read(path: Path, columns: list[str] | None, schema: pa.Schema | None) -> pa.Table:
    """Rows of a file; columns of ``schema`` that it does not have are null. `pq.read_table` imports pandas."""
    try:
        with pq.ParquetFile(path) as file:
            present = set(file.schema_arrow.names)
            wanted = columns or (schema or file.schema_arrow).names
            table = file.read(columns=[name for name in wanted if name in present])
    except pa.ArrowException as error:
        raise DamagedRawError(
            f"{path} cannot be read: `htx verify --repair` sets it aside if the archive can replace it; else restore "
            "it from a backup"
        ) from error
    if schema is None:
        return table
    fields = [schema.field(name) for name in wanted]
    arrays = [table[field.name] if field.name in present else pa.nulls(table.num_rows, field.type) for field in fields]
    return pa.Table.from_arrays(arrays, names=[field.name for field in fields]).cast(pa.schema(fields))


def _is_closed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.read(len(_MAGIC))
            file.seek(-len(_MAGIC), os.SEEK_END)
            return first == file.read() == _MAGIC
    except OSError:
        return False


def batches_of(file: Path) -> tuple[str, ...]:
    """The batches of which a file has rows."""
    if not file.name.startswith(COMPACTED):
        return (file.stem,)
    return tuple(pq.read_metadata(file).metadata[BATCHES_KEY].decode().split())


def _rank(reading: Reading) -> tuple[int, str]:
    return reading.reading, reading.batch_id


def _is_readable(path: Path) -> bool:
    try:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowException):
        return False
    return True
