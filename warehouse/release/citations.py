"""Names of releases in texts: a release that a receipt, ledger, report or export cites must stay readable.

Any file is searched as bytes; office documents are zip files, and their members are searched too. Nothing is parsed:
one mention is a citation.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

_CITED = re.compile(rb"(?<![\d.])\d{4}\.\d{2}\.\d{2}-\d{1,6}(?!\d)")
_CHUNK = 1 << 20
#: No name of a release is longer; chunks overlap by this.
_LONGEST = 32
#: More unpacked bytes of one document are not searched.
MAX_UNPACKED_BYTES = 1 << 30


def citations(places: Iterable[Path]) -> dict[str, set[str]]:
    """The files that cite it, by name of the release; a folder stands for all files below it, a missing one for none.

    Raises OSError if a file cannot be read: it might cite what would then be removed.
    """
    found: dict[str, set[str]] = {}
    for place in places:
        for path in _files(place):
            for name in _cited_in(path):
                found.setdefault(name, set()).add(str(path))
    return found


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(path for path in place.rglob("*") if path.is_file())
    elif place.is_file():
        yield place


def _cited_in(path: Path) -> set[str]:
    with path.open("rb") as file:
        found = _cited(file)
        file.seek(0)
        if file.read(4) == b"PK\x03\x04":
            found |= _cited_in_members(file)
    return found


def _cited_in_members(file: IO[bytes]) -> set[str]:
    """Names in the members of a zip file; none in one that cannot be unpacked, because nobody can read it there."""
    found: set[str] = set()
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(file) as container:
            for member in container.infolist():
                left -= member.file_size
                if left < 0:
                    break
                with container.open(member) as content:
                    found |= _cited(content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        pass
    return found


def _cited(file: IO[bytes]) -> set[str]:
    found: set[str] = set()
    kept = b""
    while chunk := file.read(_CHUNK):
        text = kept + chunk
        found.update(match.group().decode() for match in _CITED.finditer(text))
        kept = text[-_LONGEST:]
    return found
