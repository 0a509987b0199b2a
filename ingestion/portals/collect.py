"""Collecting a portal: what it lists, then its new articles, then recent ones that may have changed.

Decides what is fetched; :mod:`.fetch` makes the requests, :mod:`.survey` finds what a portal lists.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from urllib.parse import urlsplit

from ingestion.archive import Archive
from ingestion.portals.fetch import PRODUCT, Fetched, Fetcher, FetchPolicy
from ingestion.portals.portals import Portal, is_private_address, portal_for
from ingestion.portals.record import Failure, Progress, Run
from ingestion.portals.survey import Found, articles_of
from ingestion.portals.validity import Memory
from ingestion.raw_zone import RawZone

#: Hosts that are requested in parallel.
_PORTALS_AT_ONCE = 4


@dataclass(frozen=True)
class PortalOutcome:
    """Result of collecting one portal: pages sent or confirmed, new contents, failures.

    Pages are listings and articles. A host that is skipped is one failure, however many of its addresses remain.
    """

    pages_fetched: int
    pages_new: int
    failures: tuple[Failure, ...]
    articles_waiting: int = 0


def collect_portal(
    portal: str | Portal,
    *,
    archive: Archive,
    raw_zone: RawZone,
    allow_private: bool = False,
    contact: str = PRODUCT,
    progress: Progress | None = None,
    policy: FetchPolicy | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> PortalOutcome:
    """Fetch what a portal lists: new articles, and recent ones that may have changed.

    ``portal`` is an address or a name of ``portals.yml``. ``allow_private`` allows an address that names this machine
    or a private network by number; others need it in their configuration. ``contact`` is the operator's address for the
    portal's owner. ``progress`` is called with (what, done, of how many). Raises
    :class:`~ingestion.portals.portals.PortalError` for another address; a portal that does not answer is an outcome,
    not an error.
    """
    portal = portal if isinstance(portal, Portal) else portal_for(portal)
    limits = policy or FetchPolicy(pause_seconds=portal.pause_seconds, concurrency=portal.concurrency)
    private = limits.allow_private or portal.allow_private or (allow_private and is_private_address(portal.base_url))
    run = Run(portal, archive, raw_zone, Memory(raw_zone, portal), clock, progress or _ignore)
    fetcher = Fetcher(
        replace(limits, allow_private=private),
        contact=contact,
        owns=portal.owns,
        waits=run.memory.waits,
        on_wait=run.note_wait,
        on_robots=run.note_robots,
        clock=clock,
        monotonic=monotonic,
        sleep=sleep,
    )
    with fetcher:
        try:
            found = articles_of(run, fetcher)
            waiting = _fetch_articles(run, fetcher, found)
        finally:
            run.flush()
    return PortalOutcome(run.pages_fetched, run.pages_new, tuple(run.failures), waiting)


def collect_portals(
    portals: Sequence[str],
    *,
    archive: Archive,
    raw_zone: RawZone,
    allow_private: bool = False,
    contact: str = PRODUCT,
    progress: Progress | None = None,
) -> list[PortalOutcome]:
    """:func:`collect_portal` for several, in their order; those of different hosts at the same time.

    Raises :class:`~ingestion.portals.portals.PortalError` before anything is fetched if one of them is not a portal.
    """
    by_host: dict[str, list[int]] = {}
    configured = [portal_for(name) for name in portals]
    for number, portal in enumerate(configured):
        by_host.setdefault(urlsplit(portal.base_url).netloc.lower().removeprefix("www."), []).append(number)
    outcomes: dict[int, PortalOutcome] = {}
    lock = Lock()

    def report(label: str, done: int, total: int) -> None:
        with lock:
            (progress or _ignore)(label, done, total)

    def collect_host(numbers: list[int]) -> None:
        for number in numbers:
            outcomes[number] = collect_portal(
                configured[number],
                archive=archive,
                raw_zone=raw_zone,
                allow_private=allow_private,
                contact=contact,
                progress=report,
            )

    with ThreadPoolExecutor(_PORTALS_AT_ONCE) as threads:
        for done in [threads.submit(collect_host, numbers) for numbers in by_host.values()]:
            done.result()
    return [outcomes[number] for number in range(len(configured))]


def _fetch_articles(run: Run, fetcher: Fetcher, found: dict[str, Found]) -> int:
    """Fetch what is new, then check what may have changed; returns how many new articles wait for a later run."""
    portal, now = run.portal, run.clock()
    new, rechecks = _chosen(run, found, now)
    for url in new[portal.max_articles :]:
        run.leave(url, "article", f"more than {portal.max_articles} new articles in one run")
    taken = new[: portal.max_articles]
    todo = [*taken, *rechecks[: portal.max_rechecks]]
    for done, answer in enumerate(_answers(run, fetcher, todo), start=1):
        if answer.outcome in {"fetched", "unchanged"}:
            run.keep(answer, None)
        else:
            run.fail(answer, answer.outcome, answer.detail or answer.url)
        run.progress(f"Pages of {portal.name}", done, len(todo))
    return len(new) - len(taken)


def _chosen(run: Run, found: Mapping[str, Found], now: datetime) -> tuple[list[str], list[str]]:
    """Addresses of new articles and of those to be checked for changes, each in order of priority."""
    number_of, identity = run.portal.rules.number_of, run.portal.identity
    known = {identity(page.url): page for page in run.memory if page.purpose == "article"}
    missing = {key: page for key, page in known.items() if page.is_missing_and_due(now)}
    new = [article.url for key, article in found.items() if key in missing or run.memory.get(article.url) is None]
    new.sort(key=lambda url: number_of(url) or 0, reverse=True)
    new += [page.url for key, page in missing.items() if key not in found]
    stated = {key: found[key].changed_at if key in found else None for key in known}
    rechecks = [key for key, page in known.items() if page.is_recheck_due(now, run.portal, stated[key])]
    # What the portal says has changed comes first, then what was requested longest ago.
    rechecks.sort(key=lambda key: (not known[key].is_older_than(stated[key]), known[key].asked_at or now, key))
    return new, [known[key].url for key in rechecks]


def _answers(run: Run, fetcher: Fetcher, urls: Sequence[str]) -> Iterator[Fetched]:
    """The outcome of each address, in order; several at a time if the portal allows it."""
    ask = partial(run.fetch, fetcher, purpose="article")
    if fetcher.policy.concurrency == 1:
        yield from map(ask, urls)
        return
    with ThreadPoolExecutor(fetcher.policy.concurrency) as threads:
        try:
            yield from threads.map(ask, urls)
        finally:
            threads.shutdown(cancel_futures=True)


def _ignore(label: str, done: int, total: int) -> None:
    """Ignores progress."""
