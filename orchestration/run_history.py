"""Retention of Dagster's own records: runs, their events and logs.

``retention`` in dagster.yaml covers the ticks of schedules and sensors only. Runs that ended are deleted here, but for
those that hold the latest materialization of an asset or of one of its partitions: they are what the UI and a backfill
know of the state of an asset. Of Dagster's SQLite files, what deleting a run leaves behind is removed, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance

from orchestration import progress
from warehouse.layout import Layout

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
#: SQLite gives space back to the disk only by rewriting the file; below this share of free pages it is not worth it.
LEAST_FREE_SHARE = 0.1


@dataclass(frozen=True)
class PrunedRuns:
    """Runs that stay, runs that are deleted, and the bytes that Dagster's folder has lost."""

    kept: int
    removed: int
    freed_bytes: int = 0


def prune_runs(instance: DagsterInstance, layout: Layout, before: datetime, *, dry_run: bool = False) -> PrunedRuns:
    """Delete the runs that were created before this moment and have ended. Only for the process that may write."""
    every = instance.get_runs_count()
    old = instance.get_run_records(filters=dg.RunsFilter(statuses=ENDED, created_before=before), ascending=True)
    needed = _latest_materializations(instance) if old else frozenset()
    removed = [record.dagster_run.run_id for record in old if record.dagster_run.run_id not in needed]
    if dry_run or not removed:
        return PrunedRuns(every - len(removed), len(removed))
    occupied = _bytes(layout.dagster)
    for done, run_id in enumerate(removed, 1):
        _delete(instance, layout, run_id)
        progress.report("Deleting old runs", done, len(removed))
    _tidy(layout)
    return PrunedRuns(every - len(removed), len(removed), occupied - _bytes(layout.dagster))


def _latest_materializations(instance: DagsterInstance) -> frozenset[str]:
    """Runs with the latest materialization of an asset or of a partition of it."""
    keys = instance.all_asset_keys()
    latest = instance.event_log_storage.get_latest_materialization_events(keys)
    runs = {event.run_id for event in latest.values() if event}
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    for key in keys:
        by_partition = instance.event_log_storage.get_latest_storage_id_by_partition(key, kind)
        if by_partition:
            wanted = dg.EventRecordsFilter(event_type=kind, asset_key=key, storage_ids=[*set(by_partition.values())])
            runs |= {record.run_id for record in instance.event_log_storage.get_event_records(wanted)}
    return frozenset(runs)


def _delete(instance: DagsterInstance, layout: Layout, run_id: str) -> None:
    """Logs first and the record last: a killed deletion is repeated."""
    with suppress(NotImplementedError):
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    instance.event_log_storage.delete_events(run_id)
    for path in (layout.dagster / "history" / "runs").glob(f"{run_id}.db*"):
        path.unlink()
    instance.run_storage.delete_run(run_id)


def _tidy(layout: Layout) -> None:
    """Delete rows of runs that are gone, and return free pages to the disk. Only SQLite has these files."""
    history = layout.dagster / "history"
    with _opened(history / "runs.db") as runs:
        if runs is None:
            return
        known = [row[0] for row in runs.execute("select run_id from runs")]
        runs.execute("delete from run_tags where run_id not in (select run_id from runs)")
        _vacuum(runs)
    with _opened(history / "runs" / "index.db") as index:
        if index is None:
            return
        index.execute("create temp table known_run (run_id text primary key)")
        index.executemany("insert into known_run values (?)", [(run_id,) for run_id in known])
        index.execute("delete from asset_check_executions where run_id not in (select run_id from known_run)")
        _vacuum(index)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    if not path.is_file():
        yield None
        return
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as connection:
        yield connection


def _vacuum(connection: sqlite3.Connection) -> None:
    ((free,),) = connection.execute("pragma freelist_count").fetchall()
    ((pages,),) = connection.execute("pragma page_count").fetchall()
    if free > pages * LEAST_FREE_SHARE:
        # The UI may be reading; the next pruning tries again.
        with suppress(sqlite3.OperationalError):
            connection.execute("vacuum")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
