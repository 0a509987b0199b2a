"""``htx prune``: what an installation no longer keeps is removed, as its settings say.

Contains the order of the steps and the places that may cite a release. What is kept, and how it is removed, is decided
in :mod:`warehouse.release.retention`, :mod:`ingestion.raw_compaction` and :mod:`orchestration.run_history`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dagster import DagsterInstance

from ingestion.raw_compaction import Compaction, CompactionError, compact
from ingestion.raw_zone import RawZone
from ingestion.vietnamese.clock import today
from orchestration import progress
from orchestration.lock import only_writer
from orchestration.run_history import PrunedRuns, prune_runs
from orchestration.settings import Settings
from warehouse.layout import PROJECT_ROOT, Layout
from warehouse.release.citations import citations
from warehouse.release.retention import Policy, Size, Verdict, freed_by_removing, judge, remove, size_of


@dataclass(frozen=True)
class PrunedReleases:
    """Every release with its verdict, what the kept ones occupy, what removing the others frees.

    ``missing`` are names in the list of citations of which there is no release.
    """

    verdicts: tuple[Verdict, ...]
    kept: Size
    freed: Size
    missing: tuple[str, ...]

    @property
    def removed(self) -> tuple[str, ...]:
        """Names of releases without a reason to be kept."""
        return tuple(verdict.name for verdict in self.verdicts if not verdict.reasons)

    def by_reason(self) -> dict[str, list[str]]:
        """Names of the kept releases by reason; a release may have several."""
        reasons: dict[str, list[str]] = {}
        for verdict in self.verdicts:
            for reason in verdict.reasons:
                reasons.setdefault(reason, []).append(verdict.name)
        return reasons


def citing_places(settings: Settings) -> Iterator[Path]:
    """Files and folders in which a name of a release is a reason to keep it."""
    layout = settings.layout
    yield from (layout.citations, layout.corrections, layout.exports, layout.build / "data_docs")
    # Each receipt has a JSON file with everything that its workbook says.
    yield from sorted(layout.receipts.rglob("*.json"))
    yield PROJECT_ROOT / "expectations"
    yield from (Path(place) for place in settings.cited_in.split(os.pathsep) if place)


@dataclass(frozen=True)
class Pruned:
    """The outcome of one pruning. ``notes`` say why raw batches were left alone."""

    releases: PrunedReleases
    raw: Compaction
    runs: PrunedRuns
    notes: tuple[str, ...] = ()


def prune(
    settings: Settings, instance: DagsterInstance | None, *, dry_run: bool = False, wait_seconds: float = 0
) -> Pruned:
    """Remove old releases, compact the raw zone, delete old runs of ``instance``; ``dry_run`` only says what would be.

    Raises BusyError if another process writes for longer than ``wait_seconds``, FileNotFoundError for a place of
    HTX_CITED_IN that does not exist; then nothing was removed.
    """
    if dry_run:
        return _prune(settings, instance, dry_run=True)
    with only_writer(settings.layout, wait_seconds):
        return _prune(settings, instance, dry_run=False)


def _prune(settings: Settings, instance: DagsterInstance | None, *, dry_run: bool) -> Pruned:
    layout = settings.layout
    releases = _judged(settings)
    if not dry_run:
        remove(layout, releases.removed, progress.report)
    notes = []
    try:
        raw = compact(RawZone(layout.raw), dry_run=dry_run, progress=progress.report)
    except CompactionError as error:
        raw = Compaction(0, 0, 0)
        notes.append(str(error))
    runs = PrunedRuns(0, 0)
    if instance is not None:
        before = datetime.now(UTC) - timedelta(days=settings.keep_run_days)
        runs = prune_runs(instance, layout, before, dry_run=dry_run)
    return Pruned(releases, raw, runs, tuple(notes))


def _judged(settings: Settings) -> PrunedReleases:
    layout = settings.layout
    for place in filter(None, settings.cited_in.split(os.pathsep)):
        # A disk that is not mounted is no reason to remove what is cited there.
        Path(place).stat()
    progress.report("Looking for citations", 0, 1)
    cited = citations(citing_places(settings))
    progress.report("Looking for citations", 1, 1)
    verdicts = judge(layout, Policy(settings.keep_days, settings.keep_months), today(), cited)
    names = {verdict.name for verdict in verdicts}
    listed = str(layout.citations)
    return PrunedReleases(
        verdicts,
        kept=size_of(verdict.path for verdict in verdicts if verdict.reasons),
        freed=freed_by_removing(verdict.path for verdict in verdicts if not verdict.reasons),
        missing=tuple(sorted(name for name, places in cited.items() if listed in places and name not in names)),
    )


def described(layout: Layout, reason: str) -> str:
    """A reason as a person reads it: paths below the home without it."""
    return reason.replace(f"{layout.home}{os.sep}", "")
