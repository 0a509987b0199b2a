"""Folders of releases: listing, naming, and pointing ``current`` to one."""

from __future__ import annotations

import json
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warehouse.datapackage import DescribedTable, file_sha256, tables_of
from warehouse.files import remove_tree, sync
from warehouse.layout import Layout

RELEASE_NAME = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})-(\d+)")
STAGED = ".tmp-"
STAGED_LINK = ".current-"
#: Every release has these files; the second one describes all others.
_ALWAYS = ("marts.duckdb", "datapackage.json")
#: A release contains pseudonymised persons: its owner and group may read it, and none may write.
FILE_MODE, SEALED_FOLDER_MODE = 0o440, 0o550
FOLDER_MODE = 0o750
#: The public part of a release is readable by everybody; to reach it, one must be able to pass through the release.
PUBLIC = "public"
PUBLIC_FILE_MODE, PUBLIC_FOLDER_MODE, PASSED_FOLDER_MODE = 0o444, 0o555, 0o551


class ReleaseError(RuntimeError):
    """The release was refused or could not be written; ``current`` is as it was."""


@dataclass(frozen=True)
class Release:
    """A published folder. ``unchanged``: publishing found it holds the build's content already."""

    name: str
    path: Path
    tables: tuple[DescribedTable, ...]
    content_sha256: str
    inputs_fingerprint: str
    unchanged: bool = False


def read_release(folder: Path) -> Release:
    """The release in ``folder``. Raises ReleaseError if it is damaged."""
    return _described(folder)[0]


def _described(folder: Path) -> tuple[Release, list[dict[str, Any]]]:
    """The release in ``folder``, and what its ``datapackage.json`` says of each file."""
    try:
        descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        release = Release(
            name=str(descriptor["version"]),
            path=folder,
            tables=tables_of(descriptor),
            content_sha256=str(descriptor["contentHash"]).removeprefix("sha256:"),
            inputs_fingerprint=str(descriptor["inputsFingerprint"]),
        )
        files = list(descriptor["resources"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{folder} is not a whole release (datapackage.json): run `htx verify --repair`") from error
    if not (folder / "marts.duckdb").is_file():
        raise ReleaseError(f"{folder} is not a whole release (marts.duckdb): run `htx verify --repair`")
    return release, files


def audit_of(release: Release) -> dict[str, Any]:
    """The verdict of the audit that was published with a release. Raises ReleaseError if its file is damaged."""
    path = release.path / "audit.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            f"{path} cannot be read: restore {release.name} from a backup, or remove its folder"
        ) from error


def public_part(release: Release | None) -> Release | None:
    """The public part of a release; None if it has none."""
    return whole(release.path / PUBLIC) if release else None


def current_release(layout: Layout) -> Release | None:
    """The release ``current`` points to; None if nothing was released. Raises ReleaseError if it is damaged."""
    if not layout.current.is_symlink() and not layout.current.exists():
        return None
    return read_release(layout.current.resolve())


def whole(folder: Path | None) -> Release | None:
    """The release in ``folder`` if it is complete: a damaged old one must not prevent a new one."""
    try:
        if folder is None or not (folder / "marts.duckdb").is_file():
            return None
        return read_release(folder.resolve())
    except ReleaseError:
        return None


def usable(folder: Path | None) -> Release | None:
    """The release in ``folder`` if it is complete and every file has the size with which it was written."""
    try:
        if folder is None:
            return None
        release, files = _described(folder.resolve())
    except ReleaseError:
        return None
    return release if all(_size(release.path / str(file["path"])) == file["bytes"] for file in files) else None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def newest_folder(layout: Layout) -> Path | None:
    """The folder with the highest release name, whether ``current`` ever pointed to it or not."""
    folders = named_folders(layout)
    return folders[-1][1] if folders else None


def named_folders(layout: Layout) -> list[tuple[tuple[int, ...], Path]]:
    """Folders of releases with the numbers of their names, in order."""
    paths = layout.releases.iterdir() if layout.releases.is_dir() else ()
    return sorted((numbers, path) for path in paths if (numbers := _numbers(path.name)))


def _numbers(name: str) -> tuple[int, ...] | None:
    match = RELEASE_NAME.fullmatch(name)
    return tuple(int(part) for part in match.groups()) if match else None


def list_releases(layout: Layout) -> tuple[Release, ...]:
    """All complete releases, oldest first (by day, then by number within the day)."""
    return tuple(release for _, path in named_folders(layout) if (release := whole(path)))


def damaged_folders(layout: Layout) -> tuple[Path, ...]:
    """Folders with the name of a release that are none: something removed or cut off their files."""
    return tuple(path for _, path in named_folders(layout) if whole(path) is None)


def incomplete_folders(layout: Layout) -> tuple[Path, ...]:
    """Of :func:`damaged_folders` those that lack a file that every release has; no file is opened."""
    return tuple(path for _, path in named_folders(layout) if not all(_size(path / name) for name in _ALWAYS))


@dataclass(frozen=True)
class DamagedFile:
    """A file that is missing or differs from its hash in ``datapackage.json``, in every release that shares it."""

    paths: tuple[Path, ...]


def damaged_files(releases: Iterable[Release]) -> Iterator[DamagedFile]:
    """Damaged files of ``releases``. A file that several share is read once, and named once with all its paths."""
    hashes: dict[tuple[int, int], str] = {}
    shared: dict[tuple[int, int], list[Path]] = {}
    parts = (part for release in releases for part in (release, public_part(release)) if part)
    for release in parts:
        for entry in _described(release.path)[1]:
            path = release.path / str(entry["path"])
            try:
                inode = (path.stat().st_dev, path.stat().st_ino)
                if inode not in hashes:
                    hashes[inode] = file_sha256(path)
            except OSError:
                yield DamagedFile((path,))
                continue
            if hashes[inode] != str(entry["hash"]).removeprefix("sha256:"):
                shared.setdefault(inode, []).append(path)
    yield from (DamagedFile(tuple(paths)) for paths in shared.values())


def count_releases(layout: Layout) -> int:
    """How many folders have the name of a release, complete or not; opens none of them."""
    return len(named_folders(layout))


def restore_current(layout: Layout) -> str | None:
    """Point ``current`` to the newest usable release if it points to none; returns the name if it was changed.

    Only for the process that may write. Raises ReleaseError if ``current`` is not a link.
    """
    if usable(layout.current) is not None:
        return None
    release = next((found for _, path in reversed(named_folders(layout)) if (found := usable(path))), None)
    if release is None:
        return None
    activate(layout, release.name)
    return release.name


def next_name(layout: Layout, today: date) -> str:
    """The name of the next release of a day."""
    day = (today.year, today.month, today.day)
    taken = [numbers[3] for numbers, _ in named_folders(layout) if numbers[:3] == day]
    return f"{today:%Y.%m.%d}-{max(taken, default=0) + 1}"


def is_later(release: Release, than: Release | None) -> bool:
    """Whether ``release`` was named after ``than``."""
    return than is None or (_numbers(release.name) or ()) > (_numbers(than.name) or ())


def linked_releases(layout: Layout) -> dict[str, list[str]]:
    """Links of the home that point to a release or into it, by name of the release: what readers open."""
    links: dict[str, list[str]] = {}
    root = layout.releases.resolve()
    for link in sorted(path for path in layout.home.iterdir() if path.is_symlink()):
        target = link.resolve()
        if target.is_relative_to(root) and target != root:
            links.setdefault(target.relative_to(root).parts[0], []).append(link.name)
    return links


def seal(folder: Path) -> None:
    """Make every file read-only and flush everything to disk before the folder gets its name."""
    public = folder / PUBLIC
    # The public part comes last: a Parquet file that both parts share has one mode.
    for path in sorted(folder.rglob("*"), key=lambda path: (path.is_relative_to(public), path)):
        if path.is_relative_to(public):
            path.chmod(PUBLIC_FILE_MODE if path.is_file() else PUBLIC_FOLDER_MODE)
        elif path.is_dir():
            path.chmod(SEALED_FOLDER_MODE)
        elif stat.S_IMODE(path.stat().st_mode) != PUBLIC_FILE_MODE:
            # With that mode it is a link to a file of an earlier public part, which others read.
            path.chmod(FILE_MODE)
        sync(path)
    folder.chmod(PASSED_FOLDER_MODE if public.is_dir() else SEALED_FOLDER_MODE)
    sync(folder)


def name_folder(staged: Path, final: Path) -> None:
    """Give a sealed folder its name; from then on it is a release."""
    staged.rename(final)
    sync(final.parent)


def activate(layout: Layout, name: str) -> None:
    """Point ``current`` to release ``name`` in one step; readers always see the old or the new one."""
    if layout.current.exists() and not layout.current.is_symlink():
        raise ReleaseError(f"{layout.current} is not a link; move it away, it is where readers find the release")
    aside = Path(tempfile.mkdtemp(prefix=STAGED_LINK, dir=layout.home))
    link = aside / "link"
    link.symlink_to(Path(layout.releases.name) / name)
    link.replace(layout.current)
    aside.rmdir()
    link_public(layout)
    sync(layout.home)


def link_public(layout: Layout) -> None:
    """Point ``public`` through ``current``, once: so both always show parts of one release."""
    target = Path(layout.current.name) / PUBLIC
    if not layout.public.is_symlink() and not layout.public.exists() and (layout.home / target).is_dir():
        layout.public.symlink_to(target)


def clear_leftovers(layout: Layout) -> None:
    """Remove what a killed run left half-written; nobody reads these names."""
    for path in (*layout.releases.glob(f"{STAGED}*"), *layout.home.glob(f"{STAGED_LINK}*")):
        remove_tree(path)
