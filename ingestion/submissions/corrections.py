"""The ledger of central corrections: cells that the centre corrects until the sender sends a revision.

``HTX_HOME/corrections.csv`` has one row per correction: ``artifact`` (SHA-256, at least 12 digits of it), ``sheet``,
``cell``, ``from`` (what stands there), ``to``, ``reason``, ``source`` (person or document), ``until`` (last day on
which it is applied; empty: no end). The archived file is never changed: corrections are applied to the cells read from
it, each is recorded with its outcome, and the artifact is read again when its corrections change.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from ingestion.submissions.inspection import column_index
from ingestion.submissions.values import show
from ingestion.submissions.workbook import Sheet
from ingestion.vietnamese.text import fold, nfc

HEADER = ("artifact", "sheet", "cell", "from", "to", "reason", "source", "until")
#: applied; differs: the cell holds something else; absent: the file has no such sheet or cell; expired.
Outcome = Literal["applied", "differs", "absent", "expired"]

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ARTIFACT = re.compile(r"[0-9a-f]{12,64}")


class CorrectionError(ValueError):
    """A ledger that cannot be used; says which line, what was found and what was expected."""


@dataclass(frozen=True)
class Correction:
    """One row of the ledger."""

    artifact: str
    sheet: str
    cell: str
    found: str
    corrected: str
    reason: str
    source: str
    until: date | None


@dataclass(frozen=True)
class CorrectionOutcome:
    """The outcome of a correction in one reading; ``stands`` is the value of the cell."""

    correction: Correction
    outcome: Outcome
    stands: str | None


@dataclass(frozen=True)
class Ledger:
    """All corrections of an installation, as of ``today``."""

    corrections: tuple[Correction, ...] = ()
    today: date = date.min

    def of(self, sha256: str) -> tuple[Correction, ...]:
        """Those of an artifact, in the ledger's order."""
        return tuple(c for c in self.corrections if sha256.startswith(c.artifact))

    def mark(self, sha256: str) -> str:
        """A hash of the corrections of an artifact in force; empty if there are none."""
        own = [(c, self.expired(c)) for c in self.of(sha256)]
        return hashlib.sha256(repr(own).encode()).hexdigest()[:8] if own else ""

    def expired(self, correction: Correction) -> bool:
        """Whether the correction's last day is over."""
        return correction.until is not None and correction.until < self.today


def load_ledger(path: Path, today: date) -> Ledger:
    """The ledger in ``path``; an empty one if there is no such file. Raises :class:`CorrectionError`."""
    if not path.is_file():
        return Ledger(today=today)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
        if rows and tuple(rows[0]) != HEADER:
            raise CorrectionError(f"{path}, line 1: found {', '.join(map(str, rows[0]))}; expected {', '.join(HEADER)}")
    return Ledger(tuple(_correction(path, line, row) for line, row in enumerate(rows, 2)), today)


def _correction(path: Path, line: int, row: dict[str, str]) -> Correction:
    def fail(column: str, expected: str) -> CorrectionError:
        return CorrectionError(f"{path}, line {line}, {column}: found {row.get(column)!r}; expected {expected}")

    artifact, cell = (row["artifact"] or "").strip().lower(), (row["cell"] or "").strip().upper()
    if not _ARTIFACT.fullmatch(artifact):
        raise fail("artifact", "the SHA-256 of an archived file, or at least its first 12 digits")
    if not _CELL.fullmatch(cell):
        raise fail("cell", "a cell such as D12")
    for column in ("sheet", "reason", "source"):
        if not (row[column] or "").strip():
            raise fail(column, "a text: nothing is corrected without saying where, why and on whose word")
    try:
        until = date.fromisoformat(row["until"].strip()) if (row["until"] or "").strip() else None
    except ValueError:
        raise fail("until", "a day such as 2026-12-31, or nothing") from None
    found, corrected = nfc(row["from"] or ""), nfc(row["to"] or "")
    return Correction(artifact, row["sheet"], cell, found, corrected, row["reason"], row["source"], until)


def apply(corrections: Iterable[Correction], sheets: Sequence[Sheet], ledger: Ledger) -> list[CorrectionOutcome]:
    """Correct cells of ``sheets`` in place; returns the outcome of each correction."""
    return [_apply_one(correction, sheets, ledger.expired(correction)) for correction in corrections]


def _apply_one(correction: Correction, sheets: Sequence[Sheet], expired: bool) -> CorrectionOutcome:
    sheet = next((s for s in sheets if fold(s.name) == fold(correction.sheet)), None)
    match = _CELL.fullmatch(correction.cell)
    if match is None:
        raise CorrectionError(f"{correction.cell!r} is no cell")
    row, position = int(match[2]) - 1, column_index(match[1])
    if sheet is None or row >= len(sheet.rows) or position >= len(sheet.rows[row]):
        return CorrectionOutcome(correction, "expired" if expired else "absent", None)
    stands = sheet.errors.get((row, position)) or nfc(show(sheet.rows[row][position]))
    if expired:
        return CorrectionOutcome(correction, "expired", stands)
    if stands != correction.found:
        return CorrectionOutcome(correction, "differs", stands)
    sheet.rows[row][position] = correction.corrected
    sheet.errors.pop((row, position), None)
    return CorrectionOutcome(correction, "applied", stands)
