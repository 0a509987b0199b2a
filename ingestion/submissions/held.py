"""Receipts of submissions in which the warehouse found something: shown in the sender's workbook.

The reader accepts such a file; its figures and rows are judged later. Its receipt is then rewritten with the cells that
the checks of rows name and, where a rule holds the file, the outcome and the cells of the rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.archive import Archive, DamagedArchiveError
from ingestion.guarded import Guarded, ReaderKilledError
from ingestion.submissions.corrections import Ledger
from ingestion.submissions.inspection import column_letter
from ingestion.submissions.reader import Problem, WorkbookReading, read_workbook
from ingestion.submissions.receipts import receipt_folder, write_receipt
from ingestion.submissions.row_checks import with_findings

HELD = "held"


@dataclass(frozen=True)
class Breach:
    """One breach of a rule that holds a submission; ``cells`` are ``(sheet, row, column of the form)``."""

    title_vi: str
    explanation_vi: str
    expected: str
    actual: str
    cells: tuple[tuple[str, int, str], ...]


def cells_of(evidence: str | None) -> tuple[tuple[str, int, str], ...]:
    """The cells that an anomaly's evidence (JSON) names."""
    items = json.loads(evidence) if evidence else []
    return tuple(
        (item["sheet"], int(item["row"]), item["column"])
        for item in items
        if isinstance(item, dict) and item.get("sheet") and item.get("row") and item.get("column")
    )


def write_held_receipts(
    breaches: Mapping[tuple[str, str], Sequence[Breach]],
    archive: Archive,
    receipts: Path,
    *,
    key: bytes | None,
    ledger: Ledger,
) -> int:
    """Write the receipts of held files; keys are ``(sha256, file name)``. Returns how many are held by a rule.

    A file without breaches has findings in its rows only: its receipt has these.
    A file that was held before and is not any more gets its plain receipt back.
    """
    before = _held_before(receipts)
    now = {sha for sha, _ in breaches}
    released: dict[tuple[str, str], Sequence[Breach]] = {
        (sha, name): () for sha, name in before.items() if sha not in now
    }
    with Guarded() as guarded:
        for (sha, name), found in {**breaches, **released}.items():
            try:
                data = archive.open(sha)
                reading = guarded.call(_read, data, key, Ledger(ledger.of(sha), ledger.today))
            except (DamagedArchiveError, FileNotFoundError):
                continue  # reported by the reading while the file is missing
            except ReaderKilledError:
                continue  # reported by its earlier receipt
            if found:
                _hold(reading, found)
            write_receipt(receipt_folder(receipts, reading), data, name, sha, reading, annotate=bool(reading.problems))
    return sum(map(bool, breaches.values()))


def _read(data: bytes, key: bytes | None, ledger: Ledger) -> WorkbookReading:
    return with_findings(read_workbook(data, key, corrections=ledger.corrections, ledger=ledger))


def _held_before(receipts: Path) -> dict[str, str]:
    found = {}
    for path in sorted(receipts.rglob("*.json")):
        receipt = json.loads(path.read_text(encoding="utf-8"))
        if receipt["outcome"] == HELD:
            found[receipt["sha256"]] = receipt["file"]
    return found


def _hold(reading: WorkbookReading, breaches: Sequence[Breach]) -> None:
    positions = {s.sheet: s.positions for s in reading.sheets}
    forms = {s.sheet: s.form.code for s in reading.sheets if s.form}
    reading.outcome = HELD
    reading.reason = "; ".join(dict.fromkeys(b.title_vi for b in breaches))
    for breach in breaches:
        sheet, row, column = breach.cells[0] if breach.cells else (None, None, None)
        position = positions.get(sheet, {}).get(column or "")
        reading.problems.append(
            Problem(
                "rule",
                breach.explanation_vi,
                "Kiểm tra các ô của dòng này, sửa ô sai rồi gửi lại với lần gửi mới.",
                sheet=sheet,
                cell=f"{column_letter(position)}{row}" if position is not None and row else None,
                row_number=row,
                form=forms.get(sheet),
                column=column,
                found=breach.actual,
                expected=f"{breach.expected} ({breach.title_vi})",
            )
        )
