"""From an inbox to the archive: every file that waits is archived before anything reads it, or refused with a reason.

Contains the outcome of each file, recorded as it arrives, and the unpacking of zips of workbooks. Reading is in
:mod:`ingestion.submissions.intake`. May be repeated or killed at any point. A refused file becomes an artifact without
data: a row of the warehouse with its reason, and a receipt, like any other file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.archive import Archive
from ingestion.guarded import Guarded, ReaderKilledError
from ingestion.raw_schema import RECEIVED
from ingestion.raw_zone import RawZone
from ingestion.submissions.inbox import MAX_FILE_BYTES, Arrival, Inbox, InboxError, Refusal
from ingestion.submissions.intake import UNPACKED, Progress
from ingestion.submissions.reader import Envelope, peek_period, to_tables, unreadable
from ingestion.submissions.receipts import receipt_folder, write_receipt
from ingestion.submissions.unpacking import unpacked
from ingestion.vietnamese.personal import masked

#: In place of the reader's fingerprint for a file that was not archived.
NOT_ARCHIVED = "not-archived"
#: A file during which the receiving process ended this many times is refused.
MAX_UNFINISHED = 2

#: Messages to the sender: the problem, and the remedy.
_EXPLAINED = {
    Refusal.LINK: (
        "Tệp chỉ là đường dẫn tắt (liên kết) đến một tệp khác nên không nhận.",
        "Sao chép chính tệp báo cáo vào hộp thư rồi gửi lại.",
    ),
    Refusal.NOT_A_FILE: ("Mục này không phải là tệp nên không nhận.", "Gửi tệp báo cáo .xlsx theo mẫu."),
    Refusal.HIDDEN: (
        "Tệp bị ẩn (tên bắt đầu bằng dấu chấm) nên không nhận.",
        "Đổi tên tệp, bỏ dấu chấm ở đầu rồi gửi lại.",
    ),
    Refusal.TOO_LARGE: (
        f"Tệp lớn hơn {MAX_FILE_BYTES // 2**20} MB nên không nhận.",
        "Xóa hình ảnh và các trang không thuộc mẫu, hoặc tách thành nhiều tệp, rồi gửi lại.",
    ),
    Refusal.NOT_DELIVERED: (
        "Tệp có trong danh sách nhưng không tải về được.",
        "Kiểm tra nơi gửi tệp; lần chạy sau sẽ tự tải lại.",
    ),
    Refusal.KILLED_RECEIVER: (
        "Tệp làm chương trình tiếp nhận dừng đột ngột nên được để riêng.",
        "Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.",
    ),
}


@dataclass
class ReceivedOutcome:
    """The result of :func:`receive`: counts of files, and every file that was not archived, with the reason."""

    new: int = 0
    known: int = 0
    duplicate: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def receive(
    inbox: Inbox,
    archive: Archive,
    raw_zone: RawZone,
    progress: Progress | None = None,
    *,
    receipts: Path | None = None,
) -> ReceivedOutcome:
    """Archive every file of ``inbox`` that is new and note its envelope in ``_received``.

    ``received_at`` is the time in the inbox's index for the file's hash; without it, the file's modification time. A
    zip of workbooks is archived, and so is each workbook in it, which is an artifact of its own from then on. Files
    that cannot be fetched are in ``refused``; the others are received. Raises :class:`InboxError` if the inbox cannot
    be listed.
    """
    files, index = inbox.arrivals(), inbox.received_times()
    with Guarded() as guarded:
        receiver = _Receiver(inbox, archive, raw_zone, receipts, index, guarded)
        for done, arrival in enumerate(files, 1):
            if progress:
                progress("Receiving", done, len(files))
            receiver.take(arrival)
        receiver.finish()
    return receiver.outcome


class _Receiver:
    """One pass over an inbox; earlier passes are known from the raw zone and the journal."""

    def __init__(
        self,
        inbox: Inbox,
        archive: Archive,
        raw_zone: RawZone,
        receipts: Path | None,
        index: Mapping[str, datetime],
        guarded: Guarded,
    ) -> None:
        self.outcome = ReceivedOutcome()
        self._inbox, self._archive, self._raw_zone, self._receipts = inbox, archive, raw_zone, receipts
        self._index, self._guarded = index, guarded
        self._journal = Journal(raw_zone.root / "_received.journal")
        self.finish()
        seen = raw_zone.read("_received", columns=["artifact_sha256", "name", "size_bytes", "received_at"]).to_pylist()
        self._known = {(row["artifact_sha256"], row["name"]) for row in seen}
        self._untouched = {(row["name"], row["size_bytes"], row["received_at"]) for row in seen}
        self._hashes = {sha for sha, _ in self._known}
        self._refused = {sha for sha, reading in raw_zone.readings().items() if reading.fingerprint == NOT_ARCHIVED}

    def take(self, arrival: Arrival) -> None:
        """Archive one file, or refuse it; its outcome is on disk when this returns."""
        arrival = replace(arrival, name=masked(arrival.name))
        if self._is_known(arrival):
            self.outcome.known += 1
            return
        key = f"{arrival.name}|{arrival.size}|{arrival.received_at}"
        refused, why = arrival.refused, ""
        if refused is None and arrival.size > MAX_FILE_BYTES:
            refused = Refusal.TOO_LARGE
        if refused is Refusal.TOO_LARGE:
            why = f"{arrival.size} bytes; at most {MAX_FILE_BYTES} are archived"
        elif refused is None and self._journal.unfinished(key) >= MAX_UNFINISHED:
            refused, why = Refusal.KILLED_RECEIVER, f"{MAX_UNFINISHED} runs ended while they received it"
        if refused is None:
            self._journal.begin(key)
            try:
                self._journal.end(key, self._archived(arrival))
                return
            except InboxError as error:
                refused, why = Refusal.NOT_DELIVERED, str(error)
                self._journal.end(key, [])
            except BaseException:
                # A full disk or an interruption is not caused by the file.
                self._journal.end(key, [])
                raise
        self._refuse(arrival, refused, why)

    def _is_known(self, arrival: Arrival) -> bool:
        return (arrival.sha256, arrival.name) in self._known or (
            arrival.untouched and (arrival.name, arrival.size, arrival.received_at) in self._untouched
        )

    def _archived(self, arrival: Arrival) -> list[dict[str, Any]]:
        """Rows of ``_received`` for a file and what was unpacked from it; none if it is known by its content."""
        data = self._inbox.fetch(arrival)
        sha = hashlib.sha256(data).hexdigest()
        if (sha, arrival.name) in self._known:
            self.outcome.known += 1
            # Restores bytes that the archive has lost and the inbox still has.
            self._archive.put(data)
            return []
        arrived = self._index.get(sha) or arrival.received_at or datetime.now(UTC).replace(tzinfo=None)
        self._archive.put(data)
        try:
            period, members = self._guarded.call(_inspected, self._archive, arrival.name, sha)
        except ReaderKilledError:
            period, members = None, None  # reported when the file is read
        if members is None:
            return [self._noted(sha, arrival.name, len(data), arrived, period)]
        rows = [self._noted(sha, arrival.name, len(data), arrived, None, UNPACKED)]
        for member in members:
            if (member.sha256, member.name) not in self._known:
                received_at = self._index.get(member.sha256) or arrived
                rows.append(self._noted(member.sha256, member.name, member.size, received_at, member.period))
        return rows

    def _noted(
        self, sha: str, name: str, size: int, arrived: datetime, period: str | None, outcome: str | None = None
    ) -> dict[str, Any]:
        repeated = sha in self._hashes
        self.outcome.duplicate += repeated
        self.outcome.new += not repeated
        self._hashes.add(sha)
        self._known.add((sha, name))
        return {
            "artifact_sha256": sha, "name": name, "size_bytes": size, "received_at": arrived, "period": period,
            "outcome": outcome or ("duplicate" if repeated else "received"),
        }  # fmt: skip

    def _refuse(self, arrival: Arrival, refusal: Refusal, why: str) -> None:
        """Record an artifact without bytes, identified by a hash of the file's name, size and time."""
        reason, remedy = _EXPLAINED[refusal]
        self.outcome.refused.append((arrival.name, why or refusal.replace("_", " ")))
        moment = arrival.received_at or datetime.now(UTC).replace(tzinfo=None)
        identity = f"{refusal}|{arrival.name}|{arrival.size}|{arrival.received_at}"
        sha = hashlib.sha256(identity.encode()).hexdigest()
        if sha in self._refused:
            return
        self._refused.add(sha)
        reading = unreadable(why or refusal.value, reason, remedy)
        if self._receipts is not None:
            write_receipt(receipt_folder(self._receipts, reading), b"", arrival.name, sha, reading, annotate=True)
        self._raw_zone.append(*to_tables(reading, Envelope(sha, arrival.name, arrival.size, moment), 1, NOT_ARCHIVED))

    def finish(self) -> None:
        """Turn the journal into a batch of ``_received``."""
        self._raw_zone.append_log("_received", _table(self._journal.rows))
        self._journal.clear()


class Journal:
    """The outcome of each file of a pass, one line per file, until the pass is a batch of the raw zone.

    A killed pass leaves its journal. The next one takes over its rows; a file that was begun and not ended may have
    caused the kill.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[dict[str, Any]] = []
        self._begun: dict[str, int] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the line during which a run was killed
            self._apply(entry)

    def _apply(self, entry: Mapping[str, Any]) -> None:
        if "rows" not in entry:
            self._begun[entry["file"]] = self._begun.get(entry["file"], 0) + 1
            return
        self._begun.pop(entry["file"], None)
        self.rows += [{**row, "received_at": datetime.fromisoformat(row["received_at"])} for row in entry["rows"]]

    def unfinished(self, file: str) -> int:
        """The number of passes that began this file and did not end it."""
        return self._begun.get(file, 0)

    def begin(self, file: str) -> None:
        """Note that a file is about to be received."""
        self._write({"file": file})

    def end(self, file: str, rows: list[dict[str, Any]]) -> None:
        """Note its outcome: its rows of ``_received``."""
        self._write({"file": file, "rows": [{**row, "received_at": row["received_at"].isoformat()} for row in rows]})

    def _write(self, entry: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            # An incomplete line of a killed pass must not be joined with this one.
            file.write("\n" + json.dumps(entry, ensure_ascii=False) + "\n")
        self._apply(entry)

    def clear(self) -> None:
        """Remove all but the files that earlier passes did not end."""
        unfinished, self._begun, self.rows = dict(self._begun), {}, []
        self._path.unlink(missing_ok=True)
        for file, times in unfinished.items():
            for _ in range(times):
                self.begin(file)


@dataclass(frozen=True)
class _Member:
    name: str
    sha256: str
    size: int
    period: str | None


def _inspected(archive: Archive, name: str, sha256: str) -> tuple[str | None, list[_Member] | None]:
    """The period in an archived file; for a zip of workbooks, its members, archived. Runs in a guarded process."""
    data = archive.open(sha256)
    members = unpacked(name, data)
    if members is None:
        return peek_period(data), None
    return None, [
        _Member(masked(member), archive.put(inner), len(inner), peek_period(inner)) for member, inner in members
    ]


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([{name: row.get(name) for name in RECEIVED.names} for row in rows], schema=RECEIVED)
