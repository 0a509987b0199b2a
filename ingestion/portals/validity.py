"""The record of earlier runs by address: contents fetched, when, with which validators, and hosts with Retry-After.

Folded from append-only logs of the raw zone: ``_fetches`` (outcomes), ``_validity`` (ETag and Last-Modified) and
``_host_waits`` (Retry-After). Contains the rules for when an address may be requested again; :mod:`.collect` requests
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ingestion.portals.fetch import Validators
from ingestion.portals.portals import Portal
from ingestion.raw_schema import fetch_purpose
from ingestion.raw_zone import RawZone

#: Outcomes that may be temporary; retries of the others back off.
_PASSING = frozenset({"timeout", "network_error"})
_PASSING_RUNS = 3
_MAX_PATIENCE_DAYS = 30
#: HTTP dates have a resolution of one second: a page that changes twice within it looks unchanged.
_DATE_IS_SURE_AFTER = timedelta(seconds=2)
_MAX_VALIDATOR = 500
_COLUMNS = ["url", "purpose", "requested_at", "fetch_id", "status", "outcome", "artifact_sha256", "snapshot", "detail"]


@dataclass
class Known:
    """What is known of one address. Times are UTC without zone.

    ``sha256`` and ``snapshot``: its present content and which one of its contents that is; ``first_at``: when the
    first content came; ``checked_at``: when the present one was last seen or confirmed; ``failures``: in a row;
    ``is_left``: it was found again since it was last requested.
    """

    url: str
    purpose: str
    sha256: str | None = None
    snapshot: int = 0
    first_at: datetime | None = None
    checked_at: datetime | None = None
    asked_at: datetime | None = None
    outcome: str | None = None
    status: int | None = None
    failures: int = 0
    is_left: bool = False
    validators: Validators = field(default_factory=Validators)

    def is_missing_and_due(self, now: datetime) -> bool:
        """Whether no content is known yet and a request is due."""
        return self.sha256 is None and self.is_patience_over(now)

    def is_older_than(self, changed_at: datetime | None) -> bool:
        """Whether the portal states a change after the present content was seen."""
        return changed_at is not None and self.checked_at is not None and changed_at > self.checked_at

    def is_recheck_due(self, now: datetime, portal: Portal, changed_at: datetime | None) -> bool:
        """Whether a content is known and a check for changes is due.

        It is due when the portal states a later change (``changed_at``); and while the article is young, in every run
        where the server can say "not modified", else once in so many hours, since then all of it is sent again.
        """
        if self.sha256 is None or self.first_at is None or self.asked_at is None or not self.is_patience_over(now):
            return False
        if self.is_older_than(changed_at):
            return True
        if now - self.first_at > timedelta(days=portal.recheck_days):
            return False
        return self.validators != Validators() or now - self.asked_at >= timedelta(hours=portal.recheck_hours)

    def is_patience_over(self, now: datetime) -> bool:
        """Whether it may be requested again: at once after few temporary failures, then with growing delays."""
        if self.asked_at is None or not self.failures:
            return True
        is_passing = self.outcome in _PASSING or self.status == 429 or (self.status or 0) >= 500
        if is_passing and self.failures <= _PASSING_RUNS:
            return True
        return now - self.asked_at >= timedelta(days=min(2**self.failures, _MAX_PATIENCE_DAYS))


class Memory:
    """All that is known of the addresses of one portal."""

    def __init__(self, raw_zone: RawZone, portal: Portal) -> None:
        self._portal = portal
        self._known: dict[str, Known] = {}
        rows = raw_zone.read("_fetches", columns=_COLUMNS).to_pylist()
        ours = {url for url in {row["url"] for row in rows} if portal.owns(url)}
        for row in sorted(rows, key=lambda row: (row["requested_at"], row["snapshot"] or 0, row["fetch_id"])):
            if row["url"] in ours:
                self.learn(row)
        validity = [row for row in raw_zone.read("_validity").to_pylist() if portal.owns(row["url"])]
        for row in sorted(validity, key=lambda row: row["checked_at"]):
            self.learn_validity(row)
        self.waits = _waits(raw_zone)

    def get(self, url: str) -> Known | None:
        """What is known of an address, however it is written."""
        return self._known.get(self._portal.identity(url))

    def asked_at(self, url: str) -> datetime | None:
        """When an address was last asked for; None if never."""
        known = self.get(url)
        return known.asked_at if known is not None else None

    def __iter__(self) -> Iterator[Known]:
        return iter(self._known.values())

    def learn(self, row: Mapping[str, Any]) -> None:
        """Add one row of ``_fetches``, later than all before."""
        purpose = fetch_purpose(row)
        known = self._known.setdefault(self._portal.identity(row["url"]), Known(row["url"], purpose))
        known.purpose = purpose
        known.is_left = row["outcome"] == "not_asked"
        if known.is_left:
            return
        known.outcome, known.status, known.asked_at = row["outcome"], row["status"], row["requested_at"]
        sha256 = row["artifact_sha256"]
        if sha256:
            if sha256 != known.sha256:
                known.sha256, known.validators = sha256, Validators()
                known.snapshot = row["snapshot"] or known.snapshot + 1
            known.first_at = known.first_at or row["requested_at"]
            known.checked_at = row["requested_at"]
            known.failures = 0
        else:
            known.failures += 1

    def learn_validity(self, row: Mapping[str, Any]) -> None:
        """Add one row of ``_validity``: it applies only to the content that it was sent with."""
        known = self.get(row["url"])
        if known is not None and known.sha256 == row["artifact_sha256"]:
            known.validators = Validators(row["etag"], row["last_modified"])


def validators_of(headers: Mapping[str, str], had: Validators) -> Validators:
    """The validators of a response, for the next request; the earlier ones (``had``) where it has none."""
    etag = headers.get("etag") or had.etag
    modified = headers.get("last-modified")
    if modified is None:
        return Validators(etag if len(etag or "") <= _MAX_VALIDATOR else None, had.last_modified)
    try:
        age = parsedate_to_datetime(headers.get("date", "")) - parsedate_to_datetime(modified)
        is_sure = age >= _DATE_IS_SURE_AFTER
    except (ValueError, TypeError):
        is_sure = False
    return Validators(etag if len(etag or "") <= _MAX_VALIDATOR else None, modified if is_sure else None)


def _waits(raw_zone: RawZone) -> dict[str, datetime]:
    """The end of the wait that each host asked for, by its latest Retry-After."""
    rows = raw_zone.read("_host_waits").to_pylist()
    return {row["host"]: row["wait_until"] for row in sorted(rows, key=lambda r: (r["noted_at"], r["wait_until"]))}
