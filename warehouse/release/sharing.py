"""Files of equal bytes in successive releases: one file on disk, with a link in each of them.

Safe because nothing below a sealed release is ever written to: a release is removed by removing its links, and a
damaged file is damaged in every release that shares it, which the hash in each ``datapackage.json`` shows.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.datapackage import file_sha256
from warehouse.release.folders import FILE_MODE, PUBLIC_FILE_MODE, Release


def sound_files(release: Release) -> dict[str, Path]:
    """The sealed files of a release that still have the bytes its descriptor states, by hash."""
    package = json.loads((release.path / "datapackage.json").read_text(encoding="utf-8"))
    stated = {str(entry["hash"]): release.path / entry["path"] for entry in package["resources"]}
    return {sha256: path for sha256, path in stated.items() if _is_sound(path, sha256)}


def share_files(staged: Path, descriptor: Mapping[str, Any], sound: Mapping[str, Path]) -> int:
    """Replace files of ``staged`` by links to ``sound`` files with the same hash; returns how many."""
    shared = 0
    for entry in descriptor["resources"]:
        path, older = staged / entry["path"], sound.get(entry["hash"])
        if older is not None and not older.samefile(path):
            shared += _linked(older, path)
    return shared


def _is_sound(path: Path, sha256: str) -> bool:
    try:
        return (
            stat.S_IMODE(path.stat().st_mode) in (FILE_MODE, PUBLIC_FILE_MODE)
            and f"sha256:{file_sha256(path)}" == sha256
        )
    except OSError:
        return False


def _linked(older: Path, path: Path) -> bool:
    """Whether ``path`` is now a link to ``older``; some file systems have no links, and all have a limit of them."""
    aside = path.with_name(f".{path.name}.link")
    try:
        os.link(older, aside)
    except OSError:
        return False
    aside.replace(path)
    return True
