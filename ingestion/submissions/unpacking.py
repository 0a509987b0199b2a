"""A zip of workbooks to its workbooks. A zip of texts is one workbook and stays whole."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.submissions.workbook import MAX_BYTES, MAX_EXPANDED_BYTES, MAX_EXPANSION_RATIO

MAX_DEPTH = 3
MAX_MEMBERS = 1_000
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip")


def unpacked(name: str, data: bytes) -> list[tuple[str, bytes]] | None:
    """The files of a zip of workbooks, also of zips within it, as ``(outer.zip/inner.xlsx, bytes)`` in order.

    None for anything else than a zip with workbooks in it, and for one that is damaged, encrypted or expands beyond
    the bounds of a workbook: such a file is kept whole, and its reader says what is wrong. Member names are names
    only, never paths.
    """
    if not data.startswith(b"PK"):
        return None
    try:
        return list(_members(name, data, MAX_DEPTH, _Budget())) or None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        return None


@dataclass
class _Budget:
    """What one container may still hold, over all that lies in it, however deep."""

    members: int = MAX_MEMBERS
    size: int = MAX_EXPANDED_BYTES

    def spend(self, name: str, size: int) -> None:
        """Raises ValueError where a container holds more than it may."""
        self.members -= 1
        self.size -= size
        if self.members < 0 or self.size < 0:
            raise ValueError(f"{name}: more than {MAX_MEMBERS} files or {MAX_EXPANDED_BYTES} bytes")


def _members(name: str, data: bytes, depth: int, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = [part for part in container.infolist() if not part.is_dir()]
        if {"xl/workbook.xml", "content.xml", "[Content_Types].xml"} & {part.filename for part in parts}:
            return
        expanded = sum(part.file_size for part in parts)
        if expanded > MAX_EXPANSION_RATIO * max(len(data), 2**20):
            raise ValueError(f"{name} expands to {expanded} bytes")
        wanted = [part for part in parts if not _base(part).startswith((".", "~$"))]
        if not any(_base(part).lower().endswith(_WORKBOOKS) for part in wanted):
            return
        for part in wanted:
            # Other files are received, too: the receipt states why they were not read.
            within = f"{name}/{part.filename}"
            budget.spend(within, part.file_size)
            if part.file_size > MAX_BYTES:
                raise ValueError(f"{within} has {part.file_size} bytes")
            inner = container.read(part)
            zipped = _base(part).lower().endswith(".zip") and depth > 1
            yield from (list(_members(within, inner, depth - 1, budget)) if zipped else []) or [(within, inner)]


def _base(part: zipfile.ZipInfo) -> str:
    return part.filename.replace("\\", "/").rpartition("/")[2]
