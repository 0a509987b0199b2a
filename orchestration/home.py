"""Whether ``HTX_HOME`` can be used, checked before a command opens anything in it.

Contains checks of names, sizes and permissions: no table is read. Repairs, and comparisons of bytes with their hashes,
are in :mod:`orchestration.verification`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from warehouse.layout import Layout
from warehouse.release.folders import count_releases, incomplete_folders, usable

#: Written and removed again before a run: a full disk is known before the first step.
_PROBE = bytes(2**20)


class HomeError(RuntimeError):
    """``HTX_HOME`` cannot be used; the message says why and what to do."""


def check_home(layout: Layout, *, writes: bool = False) -> list[str]:
    """What is damaged and does not prevent the command, a sentence each.

    ``writes``: the command writes there, so it must be possible; what it repairs is not reported.
    Raises :class:`HomeError` if the command cannot work.
    """
    kept = (layout.archive, layout.raw, layout.receipts, layout.build, layout.audit, layout.dagster)
    # Those who may read releases need no access to the other folders.
    _check_folders(layout.home, layout.releases, *(kept if writes else ()))
    if layout.lock.is_dir():
        raise HomeError(f"{layout.lock} is a folder and should be a file: remove it.")
    if os.path.lexists(layout.current) and not layout.current.is_symlink():
        raise HomeError(f"{layout.current} is not a link: move it away, it is where readers find the release.")
    if writes:
        _check_writable(layout, kept)
        return []
    return [*_damages(layout), *half_releases(layout)]


def _check_folders(*folders: Path) -> None:
    for folder in filter(os.path.lexists, folders):
        if not folder.is_dir():
            raise HomeError(f"{folder} is not a folder: move it away, or set HTX_HOME to another folder.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise HomeError(f"{folder} cannot be read: run as the owner of HTX_HOME, or set it to a folder of yours.")


def _check_writable(layout: Layout, kept: Sequence[Path]) -> None:
    nearest = next(path for path in (layout.home, *layout.home.parents) if path.exists())
    for folder in (nearest, *filter(Path.exists, (layout.releases, *kept))):
        if not os.access(folder, os.W_OK):
            raise HomeError(f"{folder} cannot be written to: make it writable, or set HTX_HOME to a folder of yours.")
    try:
        with tempfile.TemporaryFile(dir=nearest) as probe:
            probe.write(_PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        raise HomeError(
            f"{nearest} cannot be written to ({error.strerror}): free some space or set HTX_HOME to another disk; "
            "nothing was changed."
        ) from error


def _damages(layout: Layout) -> Iterator[str]:
    if usable(layout.current) is None and count_releases(layout):
        yield f"{layout.current} points to no usable release: htx run or htx verify --repair points it to one."


def half_releases(layout: Layout) -> Iterator[str]:
    """A sentence for each folder that has the name of a release and lacks its files."""
    for folder in incomplete_folders(layout):
        yield f"{folder} is not a complete release: htx verify --repair removes it."
