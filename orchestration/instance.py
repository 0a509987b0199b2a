"""Dagster's instance: its storage lies under ``HTX_HOME/dagster``, for the command line and the pages alike.

``python -m orchestration.instance`` prepares the folder and prints its path (for ``make dev``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil
from dagster import DagsterInstance
from filelock import FileLock, Timeout

from orchestration import progress
from warehouse.files import written_aside
from warehouse.layout import Layout

#: Every step that writes the build file takes a slot of this pool.
BUILD_POOL = "build_file"
#: A writer waits this long for another one to finish.
WAIT_SECONDS = 900.0
#: Runs of the command line carry this tag.
COMMAND_TAG = "htx/command"

_DAGSTER_YAML = """\
# Written by the project; storage of Dagster lies beside this file.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
    granularity: op
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
"""


class BusyError(RuntimeError):
    """Another process writes in this ``HTX_HOME``."""


def prepare(layout: Layout) -> None:
    """Create the folders and Dagster's configuration, and point the environment at them."""
    layout.prepare()
    target = layout.dagster / "dagster.yaml"
    if not target.is_file() or target.read_text(encoding="utf-8") != _DAGSTER_YAML:
        with written_aside(target) as aside:
            aside.write_text(_DAGSTER_YAML, encoding="utf-8")
    os.environ["HTX_HOME"] = str(layout.home)
    os.environ["DAGSTER_HOME"] = str(layout.dagster)


def writer_lock(layout: Layout) -> FileLock:
    """The lock of the one process that may write; re-entrant within a process, freed when it dies."""
    return FileLock(layout.lock, is_singleton=True, thread_local=False)


@contextmanager
def only_writer(layout: Layout, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the writer's lock. Raises :class:`BusyError` if another process keeps it for longer than we wait."""
    lock = writer_lock(layout)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait_seconds:
                raise
            progress.report("Waiting for another run to end", 0, 1)
            lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise BusyError(
            f"another run is writing in {layout.home} (lock {layout.lock}). Wait for it to end, or end it."
        ) from error
    try:
        yield
    finally:
        lock.release()


def end_killed_runs(instance: DagsterInstance) -> int:
    """Mark runs of the command line that were killed as failed and free their pool slots.

    Call it only while holding the writer's lock: then any such run still marked as running is dead.
    """
    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    runs = instance.get_runs(filters=dg.RunsFilter(tags={COMMAND_TAG: "run"}, statuses=unfinished))
    for run in runs:
        instance.report_run_failed(run, "The process was killed; the next run takes over.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return len(runs)


def note_dbt(layout: Layout, process: subprocess.Popen[bytes]) -> None:
    """Remember the dbt process of this run, which survives if its parent is killed."""
    _dbt_note(layout).write_text(f"{process.pid} {psutil.Process(process.pid).create_time()}", encoding="utf-8")


def end_orphaned_dbt(layout: Layout) -> None:
    """End the dbt process that a killed run left behind: two would fight for the build file.

    Call it only while holding the writer's lock.
    """
    note = _dbt_note(layout)
    try:
        pid, started = note.read_text(encoding="utf-8").split()
        process = psutil.Process(int(pid))
        if str(process.create_time()) == started:
            process.kill()
            process.wait(timeout=10)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        pass
    note.unlink(missing_ok=True)


def _dbt_note(layout: Layout) -> Path:
    return layout.build / "dbt.pid"


if __name__ == "__main__":
    home = Layout.from_env()
    prepare(home)
    sys.stdout.write(f"{home.dagster}\n")
