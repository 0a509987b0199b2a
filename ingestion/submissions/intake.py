"""From an inbox to the raw zone: receive, archive, read, commit.

Receiving and reading are two steps. :func:`receive` archives every byte before anything reads it and notes the
envelope; :func:`read_submissions` reads the archive, never the inbox. Both may be repeated or killed at any point:
finished files are recognised by content hash, the others are processed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from ingestion.archive import Archive
from ingestion.raw_schema import RECEIVED
from ingestion.raw_zone import RawZone, Reading
from ingestion.submissions.corrections import Ledger
from ingestion.submissions.guarded import Guarded, ReaderKilledError, reader_pool
from ingestion.submissions.inbox import MAX_FILE_BYTES, Inbox, InboxError
from ingestion.submissions.reader import (
    Envelope,
    WorkbookReading,
    fingerprint,
    is_current,
    killed,
    peek_period,
    read_workbook,
    to_tables,
)
from ingestion.submissions.receipts import receipt_folder, write_receipt
from ingestion.submissions.unpacking import unpacked
from ingestion.vietnamese.periods import Period

Progress = Callable[[str, int, int], None]

#: Workbooks committed together: small enough that a killed run loses little, large enough for few files.
BATCH_SIZE = 64

#: The month of a file without a recognised period.
UNKNOWN_MONTH = "unknown"
#: Outcome of a zip whose workbooks were received each for itself.
UNPACKED = "unpacked"


@dataclass
class ReceivedOutcome:
    """What :func:`receive` found: counts of files, and files that could not even be archived."""

    new: int = 0
    known: int = 0
    duplicate: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class ReadingOutcome:
    """What :func:`read_submissions` did; ``rejected`` are files of which nothing was taken, with the reason."""

    artifacts: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", "loaded", "rejected", "duplicate"), 0))
    by_form: dict[str, int] = field(default_factory=dict)
    partial: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)
    without_key: bool = False


def receive(inbox: Inbox, archive: Archive, raw_zone: RawZone, progress: Progress | None = None) -> ReceivedOutcome:
    """Archive every file of ``inbox`` that is new and note its envelope in ``_received``.

    ``received_at`` is what the inbox's index says for the file's hash; without it the file's modification time,
    which for a folder is the moment it arrived. A zip of workbooks is archived, and so is each workbook in it, which
    is an artifact of its own from then on. Files that cannot be had are in ``refused``; the others are received.
    Raises :class:`InboxError` if the inbox cannot be listed.
    """
    files = inbox.arrivals()
    index = inbox.received_times()
    seen = raw_zone.read("_received", columns=["artifact_sha256", "name", "size_bytes", "received_at"]).to_pylist()
    known = {(row["artifact_sha256"], row["name"]) for row in seen}
    untouched = {(row["name"], row["size_bytes"], row["received_at"]) for row in seen}
    hashes = {sha for sha, _ in known}
    outcome, rows = ReceivedOutcome(), []

    def note(sha: str, name: str, size: int, arrived: datetime, period: str | None, kind: str | None = None) -> None:
        repeated = sha in hashes
        outcome.duplicate += repeated
        outcome.new += not repeated
        rows.append(
            {
                "artifact_sha256": sha, "name": name, "size_bytes": size, "received_at": arrived, "period": period,
                "outcome": kind or ("duplicate" if repeated else "received"),
            }
        )  # fmt: skip
        hashes.add(sha)
        known.add((sha, name))

    guarded = Guarded()
    for done, arrival in enumerate(files, 1):
        if progress:
            progress("Receiving", done, len(files))
        if (arrival.sha256, arrival.name) in known or (
            arrival.untouched and (arrival.name, arrival.size, arrival.received_at) in untouched
        ):
            outcome.known += 1
            continue
        if arrival.size > MAX_FILE_BYTES:
            said = f"{arrival.size} bytes; at most {MAX_FILE_BYTES} are archived. Ask for a smaller file."
            outcome.refused.append((arrival.name, said))
            continue
        try:
            data = inbox.fetch(arrival)
        except InboxError as error:
            outcome.refused.append((arrival.name, str(error)))
            continue
        sha = hashlib.sha256(data).hexdigest()
        if (sha, arrival.name) in known:
            outcome.known += 1
            continue
        arrived = index.get(sha) or arrival.received_at or datetime.now(UTC).replace(tzinfo=None)
        archive.put(data)
        members = unpacked(arrival.name, data)
        if members is None:
            note(sha, arrival.name, len(data), arrived, _period_of(data, guarded))
            continue
        note(sha, arrival.name, len(data), arrived, None, UNPACKED)
        for name, inner in members:
            own = hashlib.sha256(inner).hexdigest()
            if (own, name) not in known:
                archive.put(inner)
                note(own, name, len(inner), index.get(own) or arrived, _period_of(inner, guarded))
    guarded.close()
    raw_zone.append_log("_received", _table(rows))
    return outcome


def _period_of(data: bytes, guarded: Guarded) -> str | None:
    try:
        return guarded.call(peek_period, data)
    except ReaderKilledError:
        return None  # its reading will say so


def month_of(period: str | None) -> str:
    """The month a submission is filed under: the one its period ends in, or ``unknown``."""
    return f"{Period(period).end:%Y-%m}" if period else UNKNOWN_MONTH


def pending(raw_zone: RawZone, key: bytes | None, ledger: Ledger | None = None) -> dict[str, list[Envelope]]:
    """Archived workbooks that the present forms and corrections have not read yet, by month (:func:`month_of`).

    Also those of which an earlier envelope has turned up since: the rows say when they were received.
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
            archive.path(e.sha256),
            e,
            numbers.get(e.sha256, 0) + 1,
            fingerprint(key, book.mark(e.sha256)),
            key,
            receipts,
            Ledger(book.of(e.sha256), book.today),
        )
        for e in waiting
    ]
    collected: list[tuple[dict[str, pa.Table], pa.Table, _Summary]] = []
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


class _Job(NamedTuple):
    path: Path
    envelope: Envelope
    number: int
    reader: str
    key: bytes | None
    receipts: Path | None
    ledger: Ledger


def _read_one(job: _Job) -> tuple[dict[str, pa.Table], pa.Table, _Summary]:
    path, envelope, number, reader, key, receipts, ledger = job
    data = path.read_bytes()
    reading: WorkbookReading = read_workbook(data, key, corrections=ledger.corrections, ledger=ledger)
    _give_receipt(receipts, data, envelope, reading)
    tables, artifact = to_tables(reading, envelope, number, reader)
    by_form = {s.form.code: s.loaded for s in reading.sheets if s.form is not None}
    rows = {kind: reading.total(kind) for kind in ("read", "loaded", "rejected", "duplicate")}
    return tables, artifact, _Summary(envelope.name, reading.outcome, reading.reason, rows, by_form)


def _read_all(jobs: Sequence[_Job], workers: int) -> Iterable[tuple[dict[str, pa.Table], pa.Table, _Summary]]:
    """Results in the order of ``jobs``. A file that kills its reader is refused; the others are read."""
    done = 0
    try:
        with reader_pool(min(workers, len(jobs))) as pool:
            for result in pool.map(_read_one, jobs, chunksize=4):
                done += 1
                yield result
    except BrokenProcessPool:
        for job in jobs[done:]:
            yield _read_alone(job)


def _read_alone(job: _Job) -> tuple[dict[str, pa.Table], pa.Table, _Summary]:
    try:
        with Guarded() as guarded:
            return guarded.call(_read_one, job)
    except ReaderKilledError:
        reading = killed()
        # Its bytes are not opened again: the receipt is the summary alone.
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


def _commit(raw_zone: RawZone, collected: list[tuple[dict[str, pa.Table], pa.Table, _Summary]]) -> None:
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


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in RECEIVED.names} for row in rows], schema=RECEIVED)
