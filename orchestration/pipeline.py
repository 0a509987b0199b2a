"""``htx run``: the same assets as in Dagster's pages, executed in this process, one job after the other.

It only decides which jobs to run: which months are to be read, and whether the inputs changed since the release.
"""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterInstance, ExecuteInProcessResult

from ingestion.raw_zone import RawZone
from ingestion.submissions.intake import pending
from orchestration import progress
from orchestration.failures import cause_in
from orchestration.inputs import inputs_fingerprint, ledger_of
from orchestration.instance import COMMAND_TAG, end_killed_runs, prepare
from orchestration.lock import WAIT_SECONDS, only_writer
from orchestration.settings import Settings
from orchestration.verification import repair_home
from warehouse.connections import remove_build
from warehouse.layout import Layout
from warehouse.release.folders import audit_of, usable

#: The number of lines shown of a failed step's message.
SHOWN_LINES = 15
_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


class StepFailedError(RuntimeError):
    """A step failed for another reason than the audit; the message names the step and the cause."""


@dataclass
class RunReport:
    """The result of one run, for the table at its end."""

    files: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "known", "sent twice"), 0))
    #: Files that were not archived, with the reason.
    refused: list[tuple[str, str]] = field(default_factory=list)
    artifacts: int = 0
    partial: int = 0
    rejected: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", "loaded", "rejected", "duplicate"), 0))
    pages: int = 0
    fetch_failures: list[str] = field(default_factory=list)
    claims: int = 0
    without_key: bool = False
    #: What was damaged in the home before the run and is repaired, and damage that stays, a sentence each.
    repairs: list[str] = field(default_factory=list)
    nothing_new: bool = False
    audit: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False
    release: str | None = None
    release_path: str | None = None


def run_pipeline(
    settings: Settings,
    *,
    inbox: str = "",
    portals: Sequence[str] = (),
    month: str | None = None,
    full_refresh: bool = False,
    listener: progress.Listener | None = None,
) -> RunReport:
    """Receive, read, build, audit and release, as far as anything is due.

    ``month`` limits the reading to one month; the other files stay archived until a later run. ``full_refresh``
    rebuilds everything from an empty build file, also if nothing is new. A failed audit is a result, not an error.
    Waits for another run to end, and raises BusyError if it does not; raises HomeError or ReleaseError for a home that
    must be repaired by a person, StepFailedError if a step fails.
    """
    layout = settings.layout
    prepare(layout)
    report = RunReport()
    with (
        progress.listening(listener or _ignore),
        only_writer(layout, WAIT_SECONDS),
        # dbt's output is needed to look for a fault only: it goes to a file.
        log_file(layout).open("w", encoding="utf-8") as log,
        contextlib.redirect_stdout(log),
        contextlib.ExitStack() as opened,
    ):
        report.repairs = repair_home(layout)
        instance = opened.enter_context(DagsterInstance.get())
        end_killed_runs(instance)
        _receive(instance, report, inbox, portals)
        _read(instance, report, settings, month)
        release = usable(layout.current)
        if full_refresh:
            remove_build(layout)
        elif release is not None and release.inputs_fingerprint == inputs_fingerprint(layout):
            report.nothing_new = True
            report.release, report.release_path = release.name, str(release.path)
            report.audit = audit_of(release)
            return report
        _build(instance, report, layout)
    return report


def log_file(layout: Layout) -> Path:
    """What dbt printed during the last run."""
    return layout.build / "run.log"


def _ignore(label: str, done: int, total: int) -> None:
    """Ignores progress."""


def _receive(instance: DagsterInstance, report: RunReport, inbox: str, portals: Sequence[str]) -> None:
    config = {"inbox": inbox, "portals": list(portals), "allow_private": bool(portals)}
    result = _execute(instance, "receive", run_config={"resources": {"home": {"config": config}}})
    found = _metadata(result)
    for kind in report.files:
        report.files[kind] += found["inbox_archive"][kind]
    report.refused = [(name, reason) for name, reason in found["inbox_archive"]["refused"]]
    _add_reading(report, found["inbox_archive"])
    report.pages = found["portal_pages"]["new"]
    report.fetch_failures = found["portal_pages"]["failures"]
    report.claims = found["news_claims"]["claims"]


def _read(instance: DagsterInstance, report: RunReport, settings: Settings, month: str | None) -> None:
    report.without_key = settings.key is None
    waiting = pending(RawZone(settings.layout.raw), settings.key, ledger_of(settings.layout))
    months = [m for m in waiting if month in (None, m) and m[:4].isdigit()]
    if not months:
        return
    result = _execute(instance, "read_submissions", tags={_RANGE_START: months[0], _RANGE_END: months[-1]})
    _add_reading(report, _metadata(result)["submissions"])


def _build(instance: DagsterInstance, report: RunReport, layout: Layout) -> None:
    audit_file = layout.audit / "audit.json"
    audit_file.unlink(missing_ok=True)
    result = _execute(instance, "build_release", raise_on_error=False)
    if audit_file.is_file():
        report.audit = json.loads(audit_file.read_text(encoding="utf-8"))
    if result.success:
        found = _metadata(result)["release"]
        report.release, report.release_path = found["release"], found["path"]
        return
    report.stopped = bool(report.audit) and not report.audit["passed"]
    if not report.stopped:
        raise StepFailedError(_failures(result))


def _execute(
    instance: DagsterInstance,
    job: str,
    *,
    run_config: dict[str, Any] | None = None,
    tags: dict[str, str] | None = None,
    raise_on_error: bool = True,
) -> ExecuteInProcessResult:
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    progress.report("Loading definitions", 0, 1)
    # Loading the definitions parses the dbt project, so they are loaded only if a job is to run.
    from orchestration.definitions import defs

    progress.report("Loading definitions", 1, 1)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        run_config=quiet | (run_config or {}),
        tags={COMMAND_TAG: "run", **(tags or {})},
        raise_on_error=False,
    )
    if raise_on_error and not result.success:
        raise StepFailedError(_failures(result))
    return result


def _failures(result: ExecuteInProcessResult) -> str:
    lines = []
    for event in result.all_events:
        if event.event_type == dg.DagsterEventType.STEP_FAILURE:
            error = event.step_failure_data.error
            cause = (error.cause or error) if error else None
            message = cause.message.strip() if cause else (event.message or "failed")
            lines.append(f"step {event.step_key}: {_shortened(message)}")
            if remedy := cause_in(message):
                lines.append(remedy)
    return "\n".join(lines) or "the run failed; see the Dagster UI (make dev)"


def _shortened(message: str) -> str:
    """The first failure, without colours: dbt also prints every consequence and a traceback."""
    lines = [line for line in re.sub("\x1b\\[[0-9;]*m", "", message).splitlines() if line.strip()]
    if len(lines) <= SHOWN_LINES:
        return "\n".join(lines)
    return "\n".join(
        [*lines[:SHOWN_LINES], f"... and {len(lines) - SHOWN_LINES} more lines: see build/run.log in HTX_HOME"]
    )


def _metadata(result: ExecuteInProcessResult) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        name = materialization.asset_key.path[-1]
        found[name] = {key: _plain(value) for key, value in materialization.metadata.items()}
    return found


def _plain(value: dg.MetadataValue[Any]) -> Any:
    return value.value


def _add_reading(report: RunReport, found: dict[str, Any]) -> None:
    report.artifacts += found["artifacts"]
    report.partial += found["partly taken"]
    report.rejected += found["wholly refused"]
    for kind in report.rows:
        report.rows[kind] += found[f"rows {kind}"]
