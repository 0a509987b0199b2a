"""Compares archive, raw zone and releases with their hashes, and repairs or sets aside what is damaged.

Contains the order of the checks, the repairs before a run, and the messages for the operator. Each kind of file is
verified in the module that writes it: :mod:`ingestion.archive`, :mod:`ingestion.raw_zone`,
:mod:`warehouse.release.folders`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.archive import Archive
from ingestion.raw_compaction import clear_leftovers
from ingestion.raw_zone import LOGS, DamagedRawError, RawZone
from ingestion.submissions.receiving import NOT_ARCHIVED
from orchestration.home import HomeError, half_releases
from orchestration.lock import only_writer
from warehouse.files import remove_tree, sweep
from warehouse.layout import Layout
from warehouse.release.folders import (
    ReleaseError,
    damaged_files,
    damaged_folders,
    list_releases,
    restore_current,
    whole,
)

#: The first bytes of Dagster's databases.
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Damage:
    """One damaged file: what was found, and what to do, or what was done about it (``repaired``)."""

    where: str
    what: str
    remedy: str
    repaired: bool = False


def verify(layout: Layout, *, repair: bool = False) -> Iterator[Damage]:
    """Every damage below ``HTX_HOME``; empty if all bytes are as written.

    ``repair`` sets damaged files aside (``*.damaged``), removes folders that are not a release, and points ``current``
    to the newest complete one. Raises BusyError if another process writes.
    """
    if not repair:
        yield from _damages(layout, repair=False)
        return
    with only_writer(layout):
        yield from _damages(layout, repair=True)


def _damages(layout: Layout, *, repair: bool) -> Iterator[Damage]:
    yield from _archive(Archive(layout.archive), RawZone(layout.raw), repair=repair)
    yield from _raw_zone(RawZone(layout.raw), repair=repair)
    yield from _releases(layout, repair=repair)


def _archive(archive: Archive, raw_zone: RawZone, *, repair: bool) -> Iterator[Damage]:
    for sha256 in archive.damaged():
        if repair:
            archive.set_aside(sha256)
        done = "set aside" if repair else "htx verify --repair sets it aside"
        yield Damage(
            str(archive.path(sha256)),
            "holds other bytes than were received",
            f"{done}; then restore it from a backup or let it be sent again",
            repaired=repair,
        )
    try:
        readings = raw_zone.readings()
    except (OSError, DamagedRawError):
        return  # the commit records themselves are damaged, which the raw zone reports
    for sha256, reading in sorted(readings.items()):
        if reading.fingerprint != NOT_ARCHIVED and not archive.path(sha256).exists():
            yield Damage(
                str(archive.path(sha256)),
                f"is missing; it was {reading.name}",
                "restore it from a backup or let it be sent again; its rows stay",
            )


def _raw_zone(raw_zone: RawZone, *, repair: bool) -> Iterator[Damage]:
    found = raw_zone.damaged()
    yield from raw_damages(raw_zone, found, repair=repair)


def raw_damages(raw_zone: RawZone, damaged: Iterable[Path], *, repair: bool) -> Iterator[Damage]:
    """``damaged`` files of the raw zone, set aside with ``repair`` where the archive can replace them."""
    what = {path: "cannot be read" if path.exists() else "is missing" for path in damaged}
    batches: set[str] = set()
    for path, found in what.items():
        if path.name in batches:
            continue  # set aside with another file of its batch
        if path.parent.name in LOGS:
            yield Damage(str(path), found, "restore it from a backup: its rows are in no other file")
        elif not repair:
            yield Damage(str(path), found, "htx run and htx verify --repair set its batch aside and read it again")
        else:
            raw_zone.set_aside(path)
            batches.add(path.name)
            remedy = "its batch was set aside; the next htx run reads it again"
            yield Damage(str(path), found, remedy, repaired=True)


def _releases(layout: Layout, *, repair: bool) -> Iterator[Damage]:
    for folder in damaged_folders(layout):
        if repair:
            remove_tree(folder)
        yield Damage(
            str(folder), "is not a complete release", "removed" if repair else "htx verify --repair removes it"
        )
    for damaged in damaged_files(list_releases(layout)):
        names = ", ".join(path.relative_to(layout.releases).parts[0] for path in damaged.paths)
        yield Damage(
            str(damaged.paths[0]),
            "is missing or differs from its hash in datapackage.json",
            f"restore {names} from a backup, or remove the folder; the next htx run publishes again",
        )
    if whole(layout.current) is None and list_releases(layout):
        try:
            name = restore_current(layout) if repair else None
        except ReleaseError as error:
            yield Damage(str(layout.current), "points to no release", str(error))
            return
        done = f"now points to {name}" if name else "htx verify --repair points it to the newest release"
        yield Damage(str(layout.current), "points to no release", done, repaired=bool(name))


def repair_home(layout: Layout) -> list[str]:
    """Rebuild, or set aside, what can be rebuilt; returns a sentence for each repair and each damage that stays.

    Only for the process that holds the writer's lock. Raises :class:`HomeError` for damage that a run would make worse.
    """
    done = []
    for folder in (layout.archive, layout.raw, layout.audit, layout.receipts):
        sweep(folder)
    raw_zone = RawZone(layout.raw)
    clear_leftovers(raw_zone)
    for damage in raw_damages(raw_zone, raw_zone.truncated(), repair=True):
        if not damage.repaired:
            raise HomeError(f"{damage.where} {damage.what}; {damage.remedy}.")
        done.append(f"{damage.where} {damage.what}; its batch was set aside and is read again.")
    for path in _foreign_databases(layout):
        path.rename(path.with_suffix(".damaged"))
        done.append(f"{path} is no database; it was set aside, the history of runs in it is lost.")
    if name := restore_current(layout):
        done.append(f"{layout.current} pointed to no usable release; it now points to {name}.")
    return [*done, *half_releases(layout)]


def _foreign_databases(layout: Layout) -> Iterator[Path]:
    """Files of Dagster's storage that are no SQLite database."""
    for path in sorted(layout.dagster.rglob("*.db")):
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
        if head and head != _SQLITE:
            yield path
