"""From the archive to the raw zone: lists the archived workbooks to read, reads them and commits their rows.

Receiving (:mod:`ingestion.submissions.receiving`) and reading are two steps: this one reads the archive, never the
inbox. It may be repeated or killed at any point: finished files are recognised by content hash, the others are
processed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from ingestion.archive import Archive, DamagedArchiveError
from ingestion.guarded import READER_SECONDS, Guarded, ReaderKilledError, reader_pool, time_limited
from ingestion.raw_schema import ARTIFACTS
from ingestion.raw_zone import RawZone, Reading
from ingestion.submissions.corrections import Ledger
from ingestion.submissions.reader import (
    Envelope,
    WorkbookReading,
    fingerprint,
    is_current,
    killed,
    read_workbook,
    to_tables,
)
from ingestion.submissions.receipts import receipt_folder, write_receipt
from ingestion.vietnamese.periods import Period

Progress = Callable[[str, int, int], None]

#: Workbooks committed together: small enough that a killed run loses little, large enough for few files.
BATCH_SIZE = 64
#: Workbooks given to a reader process at once.
CHUNK = 4

#: The month of a file without a recognised period.
UNKNOWN_MONTH = "unknown"
#: Outcome of a zip whose workbooks were received separately.
UNPACKED = "unpacked"


@dataclass
class ReadingOutcome:
    """The result of :func:`read_submissions`; ``rejected`` are files without accepted rows, with the reason."""

    artifacts: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", "loaded", "rejected", "duplicate"), 0))
    by_form: dict[str, int] = field(default_factory=dict)
    partial: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)
    without_key: bool = False


def month_of(period: str | None) -> str:
    """The month a submission is filed under: the one its period ends in, or ``unknown``."""
    return f"{Period(period).end:%Y-%m}" if period else UNKNOWN_MONTH


def pending(raw_zone: RawZone, key: bytes | None, ledger: Ledger | None = None) -> dict[str, list[Envelope]]:
    """Archived workbooks that the present forms and corrections have not read yet, by month (:func:`month_of`).

    Also those with an earlier envelope than the one they were read with, because rows contain the time of receipt.
    """
    ledger = ledger or Ledger()
    done = {
        sha: reading
        for sha, reading in raw_zone.readings().items()
        if is_current(reading.fingerprint, key, ledger.mark(sha))
    }
    envelopes: dict[str, tuple[Envelope, str]] = {}
    for row in raw_zone.read("_received").to_pylist():
        if row["outcome"] == UNPACKED:
            continue
        sha = row["artifact_sha256"]
        envelope = Envelope(sha, row["name"], row["size_bytes"], row["received_at"])
        first = envelopes.get(sha)
        # The same bytes under several names: the earliest envelope is the one that counts, in any order.
        if first is None or _age(envelope) < _age(first[0]):
            envelopes[sha] = (envelope, month_of(row["period"]))
    waiting: dict[str, list[Envelope]] = {}
    for sha, (envelope, month) in sorted(envelopes.items()):
        read = done.get(sha)
        if read is None or _age(envelope) < _age(read):
            waiting.setdefault(month, []).append(envelope)
    return dict(sorted(waiting.items()))


def _age(envelope: Envelope | Reading) -> tuple[datetime, int, str]:
    """Orders envelopes of the same bytes; a copy ("… (1).xlsx") has the longer name."""
    return envelope.received_at, len(envelope.name), envelope.name


def read_submissions(
    months: Iterable[str] | None,
    archive: Archive,
    raw_zone: RawZone,
    *,
    key: bytes | None = None,
    workers: int = 2,
    receipts: Path | None = None,
    ledger: Ledger | None = None,
    progress: Progress | None = None,
) -> ReadingOutcome:
    """Read what is pending in ``months`` (all if None) from the archive and commit it in batches.

    ``key`` is the secret that makes pseudonyms; without it sheets of members are refused and read again once
    there is one. ``workers`` processes parse; one writes. Each file's receipt goes below ``receipts``, if given,
    before its rows are committed: a killed run writes it again. ``ledger`` are the central corrections.
    """
    wanted = None if months is None else {*months}
    waiting = [
        e for month, es in pending(raw_zone, key, ledger).items() if wanted is None or month in wanted for e in es
    ]
    outcome = ReadingOutcome(without_key=key is None)
    if not waiting:
        return outcome
    numbers = {sha: reading.reading for sha, reading in raw_zone.readings().items()}
    book = ledger or Ledger()
    jobs = [
        _Job(
            archive,
            e,
            numbers.get(e.sha256, 0) + 1,
            fingerprint(key, book.mark(e.sha256)),
            key,
            receipts,
            Ledger(book.of(e.sha256), book.today),
        )
        for e in waiting
    ]
    collected: list[_Result] = []
    for done, result in enumerate(_read_all(jobs, workers), 1):
        collected.append(result)
        _count(outcome, result[2])
        if len(collected) == BATCH_SIZE or done == len(jobs):
            _commit(raw_zone, collected)
            collected = []
        if progress:
            progress("Reading workbooks", done, len(jobs))
    return outcome


@dataclass(frozen=True)
class _Summary:
    name: str
    outcome: str
    reason: str | None
    rows: dict[str, int]
    by_form: dict[str, int]


_Result = tuple[dict[str, pa.Table], pa.Table, _Summary]


class _Job(NamedTuple):
    archive: Archive
    envelope: Envelope
    number: int
    reader: str
    key: bytes | None
    receipts: Path | None
    ledger: Ledger


def _read_one(job: _Job) -> _Result:
    archive, envelope, number, reader, key, receipts, ledger = job
    try:
        data = archive.open(envelope.sha256)
    except (DamagedArchiveError, FileNotFoundError) as error:
        # Nothing is recorded of the sender's file: it is read again once its bytes are restored.
        return {}, ARTIFACTS.empty_table(), _Summary(envelope.name, "rejected", str(error), {}, {})
    reading: WorkbookReading = read_workbook(data, key, envelope.name, corrections=ledger.corrections, ledger=ledger)
    _give_receipt(receipts, data, envelope, reading)
    tables, artifact = to_tables(reading, envelope, number, reader)
    by_form = {s.form.code: s.loaded for s in reading.sheets if s.form is not None}
    rows = {kind: reading.total(kind) for kind in ("read", "loaded", "rejected", "duplicate")}
    return tables, artifact, _Summary(envelope.name, reading.outcome, reading.reason, rows, by_form)


def _read_all(jobs: Sequence[_Job], workers: int) -> Iterable[_Result]:
    """Results in the order of ``jobs``. A file that kills its reader is refused; the others are read."""
    done = 0
    while done < len(jobs):
        try:
            with reader_pool(min(workers, len(jobs) - done)) as pool:
                for result in pool.map(partial(time_limited, READER_SECONDS, _read_one), jobs[done:], chunksize=CHUNK):
                    done += 1
                    yield result
        except BrokenProcessPool:
            # One of the files being read is the cause; reading each alone shows which. Then parallel reading resumes.
            for job in jobs[done : done + workers * CHUNK]:
                done += 1
                yield _read_alone(job)


def _read_alone(job: _Job) -> _Result:
    try:
        with Guarded() as guarded:
            return guarded.call(_read_one, job)
    except ReaderKilledError:
        reading = killed()
        # Its bytes are not opened again: the receipt contains the summary only.
        _give_receipt(job.receipts, b"", job.envelope, reading)
        tables, artifact = to_tables(reading, job.envelope, job.number, job.reader)
        return tables, artifact, _Summary(job.envelope.name, reading.outcome, reading.reason, {}, {})


def _give_receipt(receipts: Path | None, data: bytes, envelope: Envelope, reading: WorkbookReading) -> None:
    """Below ``receipts``: province / period. A file with nothing to correct gets the JSON alone."""
    if receipts is None:
        return
    folder = receipt_folder(receipts, reading)
    annotate = bool(reading.problems)
    write_receipt(folder, data, envelope.name, envelope.sha256, reading, annotate=annotate)


def _commit(raw_zone: RawZone, collected: list[_Result]) -> None:
    by_name: dict[str, list[pa.Table]] = {}
    for tables, _, _ in collected:
        for name, table in tables.items():
            by_name.setdefault(name, []).append(table)
    raw_zone.append(
        {name: pa.concat_tables(tables) for name, tables in by_name.items()},
        pa.concat_tables([artifact for _, artifact, _ in collected]),
    )


def _count(outcome: ReadingOutcome, summary: _Summary) -> None:
    outcome.artifacts += 1
    outcome.partial += summary.outcome == "partial"
    for kind, count in summary.rows.items():
        outcome.rows[kind] += count
    for form, count in summary.by_form.items():
        outcome.by_form[form] = outcome.by_form.get(form, 0) + count
    if summary.outcome == "rejected":
        outcome.rejected.append((summary.name, summary.reason or ""))
