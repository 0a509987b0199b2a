"""Dagster's instance: its storage is ``HTX_HOME/dagster``, for the command line and the UI.

``python -m orchestration.instance`` prepares the folder and prints its path (for ``make dev``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster import DagsterInstance

from orchestration.settings import read_settings
from warehouse.files import written_aside
from warehouse.layout import Layout

#: Every step that writes the build file takes a slot of this pool.
BUILD_POOL = "build_file"
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
# Runs are deleted by htx prune; this covers the ticks of schedules and sensors.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      success: 90
      failure: 90
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
"""


def prepare(layout: Layout) -> None:
    """Create the folders and Dagster's configuration, and point the environment at it."""
    layout.prepare()
    target = layout.dagster / "dagster.yaml"
    if not target.is_file() or target.read_text(encoding="utf-8") != _DAGSTER_YAML:
        with written_aside(target) as aside:
            aside.write_text(_DAGSTER_YAML, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(layout.dagster)


@contextmanager
def existing_instance(layout: Layout) -> Iterator[DagsterInstance | None]:
    """Dagster's instance of an installation; None if nothing was ever run there."""
    if not (layout.dagster / "dagster.yaml").is_file():
        yield None
        return
    prepare(layout)
    with DagsterInstance.get() as instance:
        yield instance


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


if __name__ == "__main__":
    layout = read_settings().layout
    prepare(layout)
    sys.stdout.write(f"{layout.dagster}\n")
