"""Which releases are kept, why, and the removal of the others.

Decides by names and links; of the releases only those that may be the last of a month are opened. A removed release
first loses its name in one step, so that readers and a killed process see whole releases only. No clock: the day is an
argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.files import remove_tree, sync
from warehouse.layout import Layout
from warehouse.release.folders import (
    STAGED,
    ReleaseError,
    clear_leftovers,
    linked_releases,
    named_folders,
    usable,
)

#: `htx diff` and the summary of anomalies compare the newest release with the one before it.
NEWEST = 2
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Policy:
    """Every release of the last ``days`` is kept, and the last one of each of the last ``months`` (None: of all)."""

    days: int
    months: int | None = None


@dataclass(frozen=True)
class Verdict:
    """One release, and the reasons to keep it: without any it is removed."""

    name: str
    path: Path
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """Files and bytes on disk; a file that several releases share counts once."""

    files: int
    bytes: int


def judge(layout: Layout, policy: Policy, today: date, cited: Mapping[str, Collection[str]]) -> tuple[Verdict, ...]:
    """A verdict on every folder with the name of a release, oldest first.

    ``cited`` maps names of releases to the places that cite them. The last days end with the newest release, or with
    ``today`` if that is earlier: a home at rest keeps what it has, and one wrong clock removes nothing. A month whose
    folders are all damaged keeps them for `htx verify`.
    """
    folders = named_folders(layout)
    if not folders:
        return ()
    links = linked_releases(layout)
    complete = [*islice((path.name for _, path in reversed(folders) if usable(path)), NEWEST)]
    until = min(_day(folders[-1][0]), today)
    by_month = _by_month(folders)
    months = sorted(by_month)[-policy.months :] if policy.months else sorted(by_month)
    ends = {name for month in months for name in _month_end(by_month[month])}
    verdicts = []
    for numbers, path in folders:
        reasons = [f"linked by {link}" for link in links.get(path.name, ())]
        reasons += ["newest releases"] if path.name in complete else []
        reasons += [f"last {policy.days} days"] if _day(numbers) > until - timedelta(days=policy.days) else []
        reasons += ["last of its month"] if path.name in ends else []
        reasons += [f"cited in {place}" for place in sorted(cited.get(path.name, ()))]
        verdicts.append(Verdict(path.name, path, tuple(reasons)))
    return tuple(verdicts)


def _by_month(folders: Iterable[tuple[tuple[int, ...], Path]]) -> dict[tuple[int, ...], list[Path]]:
    months: dict[tuple[int, ...], list[Path]] = {}
    for numbers, path in folders:
        months.setdefault(numbers[:2], []).append(path)
    return months


def _month_end(paths: list[Path]) -> list[str]:
    """The last complete release of a month; all of its folders if none is complete."""
    return next(([path.name] for path in reversed(paths) if usable(path)), [path.name for path in paths])


def _day(numbers: tuple[int, ...]) -> date:
    try:
        return date(*numbers[:3])
    except ValueError:
        return date.min  # named by hand: no day has this name


def remove(layout: Layout, names: Collection[str], progress: Progress | None = None) -> None:
    """Remove these releases, oldest first. Only for the process that may write.

    Raises ReleaseError if one is linked or a release is being published.
    """
    try:
        with FileLock(layout.releases / ".lock", timeout=0):
            clear_leftovers(layout)
            linked = sorted({*names} & linked_releases(layout).keys())
            if linked:
                raise ReleaseError(f"{', '.join(linked)}: readers open it, it cannot be removed")
            for done, (_, path) in enumerate([f for f in named_folders(layout) if f[1].name in names], 1):
                # Without its name it is a leftover: whoever writes next removes what a killed process left of it.
                nameless = path.with_name(f"{STAGED}removed-{path.name}")
                path.rename(nameless)
                sync(layout.releases)
                remove_tree(nameless)
                if progress:
                    progress("Removing releases", done, len(names))
    except Timeout as error:
        raise ReleaseError(f"another process is publishing in {layout.releases}") from error


def size_of(folders: Iterable[Path]) -> Size:
    """What the folders occupy."""
    files = 0
    seen: dict[tuple[int, int], int] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                stat = path.stat()
                files += 1
                seen[stat.st_dev, stat.st_ino] = stat.st_blocks * 512
    return Size(files, sum(seen.values()))


def freed_by_removing(folders: Iterable[Path]) -> Size:
    """What is freed on disk if the folders are removed: a file of which another release has a link stays."""
    files, held = 0, Counter[tuple[int, int]]()
    stats = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                stat = path.stat()
                inode = (stat.st_dev, stat.st_ino)
                held[inode] += 1
                stats[inode] = stat
                files += 1
    freed = (stat.st_blocks * 512 for inode, stat in stats.items() if held[inode] == stat.st_nlink)
    return Size(files, sum(freed))
