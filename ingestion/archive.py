"""The archive: every received file, stored once under its SHA-256 before anything reads it.

Only bytes; readers interpret them later. The folder contains personal data and is readable by its owner only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from warehouse.files import written_aside

_HASH_LENGTH = 64


class DamagedArchiveError(RuntimeError):
    """Archived bytes differ from those that were received; the message names the file and the remedy."""


@dataclass(frozen=True)
class Archive:
    """Content-addressed store ``<root>/<sha256[:2]>/<sha256>``."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Path of the bytes of ``sha256``, whether they exist or not."""
        return self.root / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Store ``data`` if it is new; return its SHA-256. A whole file is never touched."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if not target.exists() or target.stat().st_size != len(data):
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with written_aside(target) as aside:
                aside.write_bytes(data)
                aside.chmod(0o400)
        return sha256

    def open(self, sha256: str) -> bytes:
        """The bytes of ``sha256``.

        Raises FileNotFoundError if they were never received, DamagedArchiveError if they have changed since.
        """
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedArchiveError(
                f"{self.path(sha256)} no longer holds the bytes that were received: `htx verify` sets it aside, then "
                "restore it from a backup or let it be sent again"
            )
        return data

    def damaged(self) -> list[str]:
        """SHA-256 of every file that no longer holds the bytes it is named after."""
        files = sorted(path for path in self.root.glob("??/*") if len(path.name) == _HASH_LENGTH)
        return [path.name for path in files if _sha256(path) != path.name]

    def set_aside(self, sha256: str) -> None:
        """Take a damaged file out of the archive; it can then be received again."""
        path = self.path(sha256)
        path.rename(path.with_suffix(".damaged"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
