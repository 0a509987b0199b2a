"""Compaction of the raw zone: the same rows from fewer files, also if it is killed, and no batch is written twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import raw_compaction
from ingestion.raw_compaction import CompactionError, compact
from ingestion.raw_schema import ARTIFACTS, RECEIVED, SHEETS
from ingestion.raw_zone import COMPACTED, LOGS, RawZone
from tests.kills import Killed, killed_at

BATCHES = 12
ROWS = pa.schema([("row_id", pa.string()), ("amount", pa.decimal128(24, 6)), ("batch_id", pa.string())])


def artifacts(number: int, reading: int = 1) -> pa.Table:
    row = dict.fromkeys(ARTIFACTS.names) | {
        "artifact_sha256": f"{number:064}", "kind": "workbook", "name": f"{number}.xlsx", "reading": reading,
        "received_at": datetime(2024, 1, 1) + timedelta(minutes=number), "reader_fingerprint": "reader",
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=ARTIFACTS)


def tables(number: int) -> dict[str, pa.Table]:
    rows = [{"row_id": f"{number}-{n}", "amount": n, "batch_id": None} for n in range(3)]
    form = pa.Table.from_pylist(rows, schema=ROWS)
    if number % 3 == 0:
        # A column that older batches do not have.
        form = form.append_column("note", pa.array([f"ghi chú {number}"] * 3))
    sheets = pa.Table.from_pylist(
        [dict.fromkeys(SHEETS.names) | {"artifact_sha256": f"{number:064}", "reading": 1}], schema=SHEETS
    )
    return {"bieu_98": form, "_sheets": sheets} | ({"bieu_99": form} if number % 2 else {})


def received(number: int) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(RECEIVED.names) | {"name": f"{number}.xlsx"}], schema=RECEIVED)


def fill(zone: RawZone) -> None:
    """Twelve batches with a log, and the files of a killed run."""
    for number in range(BATCHES):
        zone.append_log("_received", received(number))
        zone.append(tables(number), artifacts(number))
    with pytest.MonkeyPatch.context() as patched:
        write = RawZone._write
        patched.setattr(RawZone, "_write", lambda self, n, b, t: None if n == "_artifacts" else write(self, n, b, t))
        zone.append(tables(99), artifacts(99))


@pytest.fixture(autouse=True)
def _no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def zone(tmp_path: Path) -> RawZone:
    made = RawZone(tmp_path / "raw")
    fill(made)
    (made.root / "_received.journal").write_text("{}\n")
    return made


def rows(zone: RawZone) -> dict[str, Counter[str]]:
    """All committed rows by table, as dbt's views see them."""
    found = {}
    committed = f"select batch_id from read_parquet('{zone.root}/_artifacts/*.parquet', union_by_name = true)"
    with duckdb.connect() as con:
        for folder in sorted(path for path in zone.root.iterdir() if path.is_dir()):
            where = "" if folder.name in LOGS else f" where batch_id in ({committed})"
            view = con.execute(f"select * from read_parquet('{folder}/*.parquet', union_by_name = true){where}")
            names = [column[0] for column in view.description or []]
            found[folder.name] = Counter(
                repr(sorted(zip(names, map(str, row), strict=True))) for row in view.fetchall()
            )
    return found


def state(zone: RawZone) -> tuple[Any, ...]:
    counts = {name: zone.read(name).num_rows for name in ("bieu_98", "bieu_99", "_sheets", "_received")}
    return rows(zone), counts, zone.readings(), zone.fingerprint(), zone.damaged()


def listing(zone: RawZone) -> dict[str, int]:
    """Every file of the zone and which one it is."""
    return {str(path): path.stat().st_ino for path in zone.root.rglob("*")}


def test_rows_lineage_and_fingerprints_stay_and_files_become_few(zone: RawZone) -> None:
    before = state(zone)
    planned = compact(zone, dry_run=True)
    assert state(zone) == before and not [*zone.root.glob(f"*/{COMPACTED}*")]
    done = compact(zone)
    assert done == planned
    assert state(zone) == before
    files = sorted(path.relative_to(zone.root).as_posix() for path in zone.root.glob("*/*.parquet"))
    assert (done.files_before, done.files_after) == (57, len(files))
    alone = [file for file in files if COMPACTED not in file]
    assert {Path(file).stem for file in alone} == {next((zone.root / "bieu_99").glob("[!c]*")).stem}, "uncommitted"
    assert len(files) - len(alone) == len(before[0])
    assert (zone.root / "_received.journal").read_text() == "{}\n"
    assert [path.name for path in zone.root.parent.iterdir()] == ["raw"]
    assert compact(zone).batches == 0, "nothing is left to compact"


def test_a_batch_that_was_compacted_is_not_written_again(zone: RawZone) -> None:
    before = state(zone)
    compact(zone)
    for number in range(BATCHES):
        zone.append_log("_received", received(number))
        zone.append(tables(number), artifacts(number))
    assert state(zone) == before
    # The killed run is repeated: its batch counts, once.
    zone.append(tables(99), artifacts(99))
    assert len(zone.readings()) == BATCHES + 1
    assert zone.read("bieu_98").num_rows == (BATCHES + 1) * 3


def test_later_batches_join_a_file_that_is_not_full(zone: RawZone) -> None:
    compact(zone)
    for number in range(100, 100 + raw_compaction.LEAST_BATCHES):
        zone.append(tables(number), artifacts(number))
    before = state(zone)
    compact(zone)
    assert state(zone) == before
    assert len([*(zone.root / "_artifacts").glob("*.parquet")]) == 1
    assert len(zone.compacted_batches("_artifacts")) == BATCHES + raw_compaction.LEAST_BATCHES


def test_a_large_or_differently_typed_batch_is_left_alone(zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tables(50)
    odd["bieu_98"] = odd["bieu_98"].set_column(1, "amount", pa.array(["a", "b", "c"]))
    zone.append(odd, artifacts(50))
    monkeypatch.setattr(raw_compaction, "LEAST_BATCHES", 2)
    before = zone.readings()
    compact(zone)
    assert zone.readings() == before
    types = {str(pq.read_schema(path).field("amount").type) for path in (zone.root / "bieu_98").glob("*.parquet")}
    assert types == {"string", "decimal128(24, 6)"}
    monkeypatch.setattr(raw_compaction, "GROUP_BYTES", 10)
    assert compact(zone).batches == 0


def test_a_compaction_that_is_killed_loses_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = RawZone(tmp_path / "raw")
    fill(zone)
    before, untouched = state(zone), listing(zone)
    kills = 0
    more = ((pq, "write_table"), (raw_compaction, "exchange"), (raw_compaction, "sync"))
    while listing(zone) == untouched:
        try:
            with killed_at(kills, monkeypatch, *more):
                compact(zone)
        except Killed:
            kills += 1
    assert state(zone) == before
    assert kills > 20
    # Killed after the exchange: the old folder is still there, and the next one removes it.
    assert len([*tmp_path.iterdir()]) == 2
    compact(zone)
    raw_compaction.clear_leftovers(zone)
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]
    assert state(zone) == before


def test_a_damaged_file_is_set_aside_with_its_batches_and_read_again(zone: RawZone) -> None:
    before = state(zone)
    compact(zone)
    (damaged,) = (zone.root / "bieu_98").glob(f"{COMPACTED}*")
    damaged.write_bytes(damaged.read_bytes()[:-50])
    assert zone.damaged() == [damaged]
    with pytest.raises((CompactionError, OSError)):
        for number in range(200, 210):
            zone.append(tables(number), artifacts(number))
        compact(zone)
    assert zone.set_aside(damaged)
    assert {int(sha) for sha in zone.readings()} == set(range(200, 210)), "the other batches are to be read again"
    for number in range(BATCHES):
        zone.append(tables(number), artifacts(number))
    found, wanted = rows(zone), before[0]
    assert all(not (wanted[table] - found[table]) for table in wanted)


def test_without_an_exchange_the_zone_stays(zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")

    before = state(zone)
    monkeypatch.setattr(raw_compaction, "exchange", refuse)
    with pytest.raises(CompactionError, match="stay as they are"):
        compact(zone)
    assert state(zone) == before
    assert [path.name for path in zone.root.parent.iterdir()] == ["raw"]


def test_reading_the_zone_imports_no_pandas(zone: RawZone) -> None:
    """It takes as long to import as the rest of `htx status` to answer."""
    code = (
        "import sys; from pathlib import Path; from ingestion.raw_zone import RawZone;"
        "zone = RawZone(Path(sys.argv[1]));"
        "zone.readings(); zone.truncated(); zone.read('_received', columns=['name']); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(zone.root)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_columns_that_an_older_file_lacks_are_null(zone: RawZone) -> None:
    older = pa.table({"name": ["old.xlsx"]})
    pq.write_table(older, zone.root / "_received" / "0.parquet")
    row = zone.read("_received").to_pylist()[0]
    assert row == dict.fromkeys(RECEIVED.names) | {"name": "old.xlsx"}
    assert zone.read("_received", columns=["period", "name"]).column_names == ["period", "name"]
