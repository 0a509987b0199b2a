"""Collecting a portal: its listings, then its new articles; every byte archived, every request recorded.

Decides what is fetched; how is :mod:`.fetch`, what pages say is :mod:`.reading`. Nothing of a page is interpreted
here but its links.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from ingestion.archive import Archive
from ingestion.portals.discovery import discover, normalised
from ingestion.portals.fetch import Fetched, Fetcher, FetchPolicy
from ingestion.portals.page import PageError, decode_page
from ingestion.portals.portals import Portal, portal_for
from ingestion.raw_schema import FETCHES
from ingestion.raw_zone import RawZone

Progress = Callable[[str, int, int], None]

#: ``detail`` of a listing's row in ``_fetches`` begins with this; listings are archived, but hold no article.
LISTING = "listing"
#: A killed run loses at most this many rows of the record; the pages themselves are archived at once.
_LOG_EVERY = 200


@dataclass(frozen=True)
class Failure:
    """An address that gave no page: outcome as in ``_fetches``, and a message for the operator."""

    url: str
    outcome: str
    detail: str

    def __str__(self) -> str:
        """For a log: the message names the address, what happened and what to do."""
        return f"{self.outcome}: {self.detail}"


@dataclass(frozen=True)
class PortalOutcome:
    """What came of collecting one portal: requests answered with a page, pages not seen before, failures."""

    pages_fetched: int
    pages_new: int
    failures: tuple[Failure, ...]
    articles_waiting: int = 0


@dataclass
class _Run:
    portal: Portal
    archive: Archive
    raw_zone: RawZone
    fetcher: Fetcher
    archived: dict[str, str]
    rows: list[dict[str, object]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    pages_fetched: int = 0
    pages_new: int = 0

    def fetch(self, url: str) -> Fetched:
        answer = self.fetcher.get(url)
        if answer.outcome != "fetched":
            self.fail(answer, answer.outcome, answer.detail or url)
        return answer

    def fail(self, answer: Fetched, outcome: str, detail: str) -> None:
        """Record an address that gave nothing to keep."""
        self.failures.append(Failure(answer.url, outcome, detail))
        self._record(answer, outcome, None, detail)

    def keep(self, answer: Fetched, note: str | None) -> bool:
        """Archive a page and record it; whether its bytes are new for this address."""
        sha256 = self.archive.put(answer.data)
        is_new = self.archived.get(answer.url) != sha256
        self.archived[answer.url] = sha256
        self.pages_fetched += 1
        self.pages_new += is_new
        self._record(answer, "archived" if is_new else "unchanged", sha256, note)
        return is_new

    def flush(self) -> None:
        if self.rows:
            self.raw_zone.append_log("_fetches", pa.Table.from_pylist(self.rows, schema=FETCHES))
            self.rows = []

    def _record(self, answer: Fetched, outcome: str, sha256: str | None, detail: str | None) -> None:
        identity = f"{answer.url}|{answer.requested_at.isoformat()}|{outcome}|{sha256}"
        self.rows.append(
            {
                "fetch_id": hashlib.sha256(identity.encode()).hexdigest()[:16],
                "url": answer.url,
                "portal": self.portal.name,
                "requested_at": answer.requested_at,
                "status": answer.status,
                "outcome": outcome,
                "artifact_sha256": sha256,
                "size_bytes": len(answer.data) if sha256 else None,
                "media_type": answer.media_type,
                "detail": detail,
            }
        )
        if len(self.rows) >= _LOG_EVERY:
            self.flush()


def collect_portal(
    base_url: str,
    *,
    archive: Archive,
    raw_zone: RawZone,
    allow_private: bool = False,
    progress: Progress | None = None,
    policy: FetchPolicy | None = None,
) -> PortalOutcome:
    """Fetch the listings of a portal and those of their articles that were never fetched.

    ``base_url`` is an address or a name of ``portals.yml``. ``allow_private`` lets loopback and private addresses in.
    ``progress`` is called with (what, done, of how many). Raises :class:`~ingestion.portals.portals.PortalError` for
    what is no portal; a portal that does not answer is an outcome, not an error.
    """
    portal = portal_for(base_url)
    limits = replace(
        policy or FetchPolicy(pause_seconds=portal.pause_seconds),
        allow_private=allow_private or bool(policy and policy.allow_private),
    )
    with Fetcher(limits) as fetcher:
        run = _Run(portal, archive, raw_zone, fetcher, _archived(raw_zone))
        try:
            articles = _read_listings(run, progress)
            new = [url for url in articles if url not in run.archived]
            for done, url in enumerate(new[: portal.max_articles], start=1):
                answer = run.fetch(url)
                if answer.outcome == "fetched":
                    run.keep(answer, None)
                if progress:
                    progress(f"Pages of {portal.name}", done, min(len(new), portal.max_articles))
        finally:
            run.flush()
    waiting = max(0, len(new) - portal.max_articles)
    return PortalOutcome(run.pages_fetched, run.pages_new, tuple(run.failures), waiting)


def _archived(raw_zone: RawZone) -> dict[str, str]:
    """SHA-256 by address of every page fetched so far, the latest fetch last."""
    table = raw_zone.read("_fetches", columns=["url", "artifact_sha256", "requested_at", "fetch_id"])
    rows = sorted(table.to_pylist(), key=lambda row: (row["requested_at"], row["fetch_id"]))
    return {row["url"]: row["artifact_sha256"] for row in rows if row["artifact_sha256"]}


def _read_listings(run: _Run, progress: Progress | None) -> Sequence[str]:
    """Article addresses of all listings in page order; listings lead to further listings, within the limit."""
    portal = run.portal
    queue = deque(_starting_points(portal))
    seen, articles = set(queue), dict[str, None]()
    read = 0
    while queue and read < portal.max_listing_pages:
        url = queue.popleft()
        answer = run.fetch(url)
        read += 1
        if progress:
            progress(f"Listings of {portal.name}", read, read + len(queue))
        if answer.outcome != "fetched":
            continue
        try:
            links = discover(decode_page(answer.data, answer.media_type), answer.final_url or url)
        except PageError as error:
            run.fail(answer, "not_html", f"{url}: {error}")
            continue
        run.keep(answer, f"{LISTING}: {len(links.articles)} articles, {len(links.listings)} further listings")
        for article in links.articles:
            if article not in seen:
                articles.setdefault(article)
        for listing in links.listings:
            if listing not in seen:
                seen.add(listing)
                queue.append(listing)
    return list(articles)


def _starting_points(portal: Portal) -> list[str]:
    if portal.listings:
        return list(
            dict.fromkeys(normalised(portal.base_url.rstrip("/") + "/" + path.lstrip("/")) for path in portal.listings)
        )

    return [normalised(portal.base_url)]
