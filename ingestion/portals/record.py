"""One run over one portal: its requests, and the record of every address.

Every content is archived; every requested address has a row in ``_fetches``, and so has every one that was found and
left for a later run, so nothing found is lost. :mod:`.survey` and :mod:`.collect` decide what is requested.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import pyarrow as pa

from ingestion.archive import Archive
from ingestion.portals.fetch import Fetched, Fetcher, Purpose, Validators
from ingestion.portals.portals import Portal
from ingestion.portals.validity import Memory, validators_of
from ingestion.raw_schema import FETCHES, HOST_WAITS, VALIDITY
from ingestion.raw_zone import RawZone

Progress = Callable[[str, int, int], None]

#: A killed run loses at most this many rows of the record; the pages themselves are archived at once.
_LOG_EVERY = 200
#: Headers that are kept with an answer: content type, age and instructions.
_KEPT_HEADERS = (
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "etag",
    "last-modified",
    "cache-control",
    "location",
    "retry-after",
)


@dataclass(frozen=True)
class Failure:
    """An address without a page: its outcome as in ``_fetches``, and a message for the operator."""

    url: str
    outcome: str
    detail: str

    def __str__(self) -> str:
        """For a log: the message names the address, what happened and what to do."""
        return f"{self.outcome}: {self.detail}"


@dataclass
class Run:
    """One portal in one run. ``failures`` are for the operator; rows wait to be written until :meth:`flush`."""

    portal: Portal
    archive: Archive
    raw_zone: RawZone
    memory: Memory
    clock: Callable[[], datetime]
    progress: Progress
    rows: list[dict[str, object]] = field(default_factory=list)
    validity: list[dict[str, object]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    closed_reported: set[str] = field(default_factory=set)
    pages_fetched: int = 0
    pages_new: int = 0
    _lock: Lock = field(default_factory=Lock)

    # -- requesting ---------------------------------------------------------------------------------------------

    def fetch(self, fetcher: Fetcher, url: str, purpose: Purpose) -> Fetched:
        """Request an address; conditionally if its content is known."""
        known = self.memory.get(url)
        had = known is not None and known.sha256 is not None and self.archive.path(known.sha256).exists()
        return fetcher.get(url, purpose, known.validators if known is not None and had else None)

    def content(self, answer: Fetched) -> bytes:
        """The bytes of an answer; of the archived copy if that was confirmed."""
        known = self.memory.get(answer.url)
        if answer.outcome == "unchanged" and known is not None and known.sha256 is not None:
            return self.archive.open(known.sha256)
        return answer.data

    # -- recording ------------------------------------------------------------------------------------------

    def keep(self, answer: Fetched, note: str | None) -> None:
        """Archive the content of a response and record it."""
        with self._lock:
            known = self.memory.get(answer.url)
            sha256 = known.sha256 if known is not None else None
            had = known.validators if known is not None and answer.outcome == "unchanged" else None
            if answer.outcome == "fetched":
                sha256 = self.archive.put(answer.data)
            is_new = known is None or sha256 != known.sha256
            snapshot = (known.snapshot if known is not None else 0) + is_new
            if answer.purpose in {"article", "listing"}:
                self.pages_fetched += 1
                self.pages_new += is_new
            self._record(answer, "archived" if is_new else "unchanged", note, sha256, snapshot)
            self._record_validity(answer, sha256, had)

    def fail(self, answer: Fetched, outcome: str, detail: str, *, reported: bool = True) -> None:
        """Record an address without content; list it among the failures if ``reported``."""
        with self._lock:
            if answer.host_closed:
                reason = detail.removeprefix(f"{answer.url}: ")
                reported = reported and reason not in self.closed_reported
                self.closed_reported.add(reason)
            if reported:
                self.failures.append(Failure(answer.url, outcome, detail))
            self._record(answer, outcome, detail, None, None)

    def leave(self, url: str, purpose: Purpose, reason: str) -> None:
        """Record an address that was found and is not requested in this run, unless that is recorded already."""
        with self._lock:
            if self.memory.get(url) is None:
                answer = Fetched(url, "not_asked", self.clock(), purpose)
                self._record(answer, "not_asked", f"{url}: {reason}; a later run asks for it", None, None)

    def note_robots(self, answer: Fetched) -> None:
        """Record a robots.txt: the permission for the requests after it."""
        if answer.outcome == "fetched":
            self.keep(answer, "robots.txt")
        else:
            missing = answer.outcome == "empty" or answer.status in {404, 410}
            detail = (
                f"{answer.url}: no robots.txt, so everything is allowed" if missing else answer.detail or answer.url
            )
            self.fail(answer, answer.outcome, detail, reported=False)

    def note_wait(self, host: str, until: datetime, reason: str) -> None:
        """Record Retry-After of a host at once: the next run needs it even if this one is killed."""
        row = {
            "host": host,
            "portal": self.portal.name,
            "noted_at": self.clock(),
            "wait_until": until,
            "reason": reason,
        }
        self.raw_zone.append_log("_host_waits", pa.Table.from_pylist([row], schema=HOST_WAITS))

    def flush(self) -> None:
        """Write the record. Outcomes first: a validator whose content is not recorded would hide that content."""
        if self.rows or self.validity:
            self.raw_zone.append_log("_fetches", pa.Table.from_pylist(self.rows, schema=FETCHES))
            self.raw_zone.append_log("_validity", pa.Table.from_pylist(self.validity, schema=VALIDITY))
            self.rows, self.validity = [], []

    def _record(
        self, answer: Fetched, outcome: str, detail: str | None, sha256: str | None, snapshot: int | None
    ) -> None:
        identity = f"{answer.url}|{answer.requested_at.isoformat()}|{answer.purpose}|{outcome}|{sha256}"
        row: dict[str, object] = {
            "fetch_id": hashlib.sha256(identity.encode()).hexdigest()[:24],
            "url": answer.url,
            "portal": self.portal.name,
            "purpose": answer.purpose,
            "requested_at": answer.requested_at,
            "attempts": answer.attempts,
            "status": answer.status,
            "outcome": outcome,
            "artifact_sha256": sha256,
            "snapshot": snapshot,
            "size_bytes": len(answer.data) if sha256 and answer.data else None,
            "media_type": answer.media_type,
            "response": _response(answer),
            "detail": detail,
        }
        self.rows.append(row)
        self.memory.learn(row)
        if len(self.rows) >= _LOG_EVERY:
            self.flush()

    def _record_validity(self, answer: Fetched, sha256: str | None, had: Validators | None) -> None:
        validators = validators_of(answer.headers, had or Validators())
        row: dict[str, object] = {
            "url": answer.url,
            "portal": self.portal.name,
            "artifact_sha256": sha256,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "status": answer.status,
            "checked_at": answer.requested_at,
        }
        self.validity.append(row)
        self.memory.learn_validity(row)


def _response(answer: Fetched) -> str | None:
    """The response without its body, as JSON."""
    if answer.status is None:
        return None
    kept = {name: answer.headers[name][:500] for name in _KEPT_HEADERS if name in answer.headers}
    return json.dumps({"status": answer.status, "final_url": answer.final_url, **kept}, ensure_ascii=False)
