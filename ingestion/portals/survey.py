"""Finds the articles of a portal in its listing pages, feeds and sitemaps.

Returns addresses; :mod:`.collect` decides which are requested. Of a page only its links are interpreted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingestion.guarded import ReaderKilledError, page_reader
from ingestion.page import PageError, decode_page
from ingestion.portals.discovery import Links, address_of, discover
from ingestion.portals.feeds import Feed, FeedError, read_feed
from ingestion.portals.fetch import Fetcher, Purpose
from ingestion.portals.portals import Portal
from ingestion.portals.record import Run
from ingestion.portals.validity import Known
from ingestion.raw_schema import LISTING

#: Feeds that a portal's pages name are taken up to this number: engines offer one for every section.
_MAX_NAMED_FEEDS = 5
#: Known pages that are read where a list is resumed: new articles may have moved them to that position.
_BACKLOG_PATIENCE = 5


@dataclass
class Found:
    """An article that the portal lists, and when it says that it last changed."""

    url: str
    changed_at: datetime | None = None


def articles_of(run: Run, fetcher: Fetcher) -> dict[str, Found]:
    """Articles by identity, in the order in which listings, feeds and sitemaps name them."""
    found: dict[str, Found] = {}
    named_feeds = _read_listings(run, fetcher, found)
    _read_feeds(run, fetcher, found, named_feeds)
    _read_sitemaps(run, fetcher, found)
    return found


def _add(run: Run, found: dict[str, Found], url: str, changed_at: datetime | None = None) -> None:
    article = found.setdefault(run.portal.identity(url), Found(url))
    if changed_at is not None:
        article.changed_at = max(changed_at, article.changed_at or changed_at)


@dataclass(frozen=True)
class _Step:
    """A listing page to read. ``passed`` pages before it contained nothing new, at most ``patience`` may;
    ``before`` are the articles of the last of them.
    """

    url: str
    patience: int = 0
    passed: int = 0
    before: frozenset[str] = frozenset()


def _read_listings(run: Run, fetcher: Fetcher, found: dict[str, Found]) -> list[str]:
    """Articles of all listings; returns the feeds that they name.

    Sections lead to sections. A list is followed page by page until a page contains nothing new, or the same as the
    page before. Pages that an earlier run could not read, or left because of its limit, are continued.
    """
    portal = run.portal
    queue = deque(_Step(url) for url in portal.starting_points("listings"))
    seen = {portal.identity(step.url) for step in queue}
    for url in _left_listings(run):
        if portal.identity(url) not in seen:
            seen.add(portal.identity(url))
            queue.append(_Step(url, _BACKLOG_PATIENCE))
    newest = max((portal.rules.number_of(page.url) or 0 for page in run.memory), default=0)
    feeds: dict[str, None] = {}
    read = 0
    while queue and read < portal.max_listing_pages:
        step = queue.popleft()
        links = _read_listing(run, fetcher, step.url)
        read += 1
        run.progress(f"Listings of {portal.name}", read, read + len(queue))
        if links is None:
            continue
        feeds |= dict.fromkeys(links.feeds)
        here = frozenset(map(portal.identity, links.articles))
        passed = step.passed + 1 if _holds_nothing_new(run, links.articles, newest) else 0
        is_repeated = portal.rules.page_number(step.url) is not None and here <= step.before
        for article in links.articles:
            _add(run, found, article)
        onward = [_Step(url) for url in links.sections]
        if passed <= step.patience and not is_repeated:
            onward += [_Step(url, step.patience, passed, here) for url in links.pages]
        for following in onward:
            if portal.identity(following.url) not in seen:
                seen.add(portal.identity(following.url))
                queue.append(following)
    for step in queue:
        run.leave(step.url, "listing", f"more than {portal.max_listing_pages} listing pages in one run")
    return list(feeds)


def _left_listings(run: Run) -> list[str]:
    """Listing pages that were found, and gave nothing the last time, or were left for later."""
    return [
        page.url
        for page in run.memory
        if page.purpose == "listing" and (page.is_left or page.failures) and page.is_patience_over(run.clock())
    ]


def _holds_nothing_new(run: Run, articles: Sequence[str], newest: int) -> bool:
    """Whether all articles of a page were found before.

    If one was, articles with a lower number than the newest of them count as found: they existed at that time.
    """
    numbers = [run.portal.rules.number_of(url) for url in articles]
    known = [run.memory.get(url) is not None for url in articles]
    return any(known) and all(
        is_known or (number is not None and number <= newest) for is_known, number in zip(known, numbers, strict=True)
    )


def _read_listing(run: Run, fetcher: Fetcher, url: str) -> Links | None:
    answer = run.fetch(fetcher, url, "listing")
    if answer.outcome not in {"fetched", "unchanged"}:
        run.fail(answer, answer.outcome, answer.detail or url)
        return None
    try:
        links = page_reader().call(_links, run.content(answer), answer.media_type, answer.final_url or url, run.portal)
    except ReaderKilledError:
        run.fail(answer, "not_html", f"{url}: reading it took too much memory or time, or crashed the parser")
        return None
    except PageError as error:
        run.fail(answer, "not_html", f"{url}: {error}")
        return None
    further = len(links.sections) + len(links.pages)
    # Paging in another form than that of the kind would otherwise look like the end of the list.
    is_unpaged = links.articles and not links.pages and run.portal.rules.is_paged
    ended = "; it names no next page" if is_unpaged else ""
    run.keep(answer, f"{LISTING}: {len(links.articles)} articles, {further} further listings{ended}")
    return links


def _links(data: bytes, media_type: str | None, url: str, portal: Portal) -> Links:
    return discover(decode_page(data, media_type), url, portal)


def _read_feeds(run: Run, fetcher: Fetcher, found: dict[str, Found], named: Iterable[str]) -> None:
    """Articles of RSS and Atom feeds. Whatever a feed names is an article, unless its kind says it never is one."""
    portal = run.portal
    guesses = _guesses(run, "feeds")
    addresses = {
        portal.identity(url): url for url in [*portal.starting_points("feeds"), *list(named)[:_MAX_NAMED_FEEDS]]
    }
    for url in addresses.values():
        known = run.memory.get(url)
        if portal.identity(url) in guesses and known is not None and not _is_worth_asking(run, known):
            continue
        feed = _read_feed(run, fetcher, url, "feed", guessed=portal.identity(url) in guesses)
        for entry in feed.entries if feed and feed.kind == "feed" else ():
            address = address_of(url, entry.url, portal)
            if address and not portal.rules.is_never(address) and not portal.rules.is_listing(address):
                _add(run, found, address, entry.changed_at)


def _read_sitemaps(run: Run, fetcher: Fetcher, found: dict[str, Found]) -> None:
    """Articles of sitemaps, those of robots.txt included; of an index, the parts that changed since they were read."""
    portal = run.portal
    guesses = _guesses(run, "sitemaps")
    tops = portal.starting_points("sitemaps")
    if portal.sitemaps is None:
        stated = (address_of(portal.base_url, url, portal) for url in fetcher.sitemaps(portal.base_url))
        tops += [url for url in stated if url is not None and url not in tops]
    parts: dict[str, tuple[str, datetime | None]] = {}
    for url in tops:
        known = run.memory.get(url)
        guessed = portal.identity(url) in guesses
        if guessed and known is not None and not _is_worth_asking(run, known):
            continue
        feed = _read_feed(run, fetcher, url, "sitemap", guessed=guessed)
        if feed and feed.kind == "index":
            for entry in feed.entries:
                address = address_of(url, entry.url, portal)
                other = portal.rules.other_sitemaps
                if address and address not in tops and not (other and other.search(address)):
                    parts.setdefault(portal.identity(address), (address, entry.changed_at))
        elif feed:
            _add_sitemap(run, found, url, feed)
    due = [url for url, changed_at in parts.values() if _is_part_due(run, url, changed_at)]
    # Parts that were never requested come first, then those requested longest ago: several runs read every part.
    due.sort(key=lambda url: _when(run.memory.asked_at(url)))
    for number, url in enumerate(due):
        if number >= portal.max_sitemaps:
            run.leave(url, "sitemap", f"more than {portal.max_sitemaps} sitemaps in one run")
            continue
        run.progress(f"Sitemaps of {portal.name}", number + 1, min(len(due), portal.max_sitemaps))
        feed = _read_feed(run, fetcher, url, "sitemap", guessed=False)
        if feed:
            _add_sitemap(run, found, url, feed)


def _add_sitemap(run: Run, found: dict[str, Found], url: str, feed: Feed) -> None:
    rules = run.portal.rules
    holds_posts = bool(rules.posts and rules.posts.search(url))
    for entry in sorted(feed.entries, key=lambda entry: _when(entry.changed_at), reverse=True):
        address = address_of(url, entry.url, run.portal)
        if address is None:
            continue
        if rules.is_article(address) or (holds_posts and not rules.is_never(address) and not rules.is_listing(address)):
            _add(run, found, address, entry.changed_at)


def _when(moment: datetime | None) -> tuple[bool, datetime | None]:
    """The sort key of a moment; None sorts first."""
    return moment is not None, moment


def _is_part_due(run: Run, url: str, changed_at: datetime | None) -> bool:
    known = run.memory.get(url)
    if known is None or known.sha256 is None:
        return known is None or known.is_missing_and_due(run.clock())
    return changed_at is None or known.is_older_than(changed_at)


def _guesses(run: Run, what: str) -> frozenset[str]:
    """Addresses that only the kind names: engines allow them to be switched off."""
    if getattr(run.portal, what) is not None:
        return frozenset()
    return frozenset(run.portal.identity(url) for url in run.portal.starting_points(what))


def _is_worth_asking(run: Run, known: Known) -> bool:
    return known.sha256 is not None or known.is_missing_and_due(run.clock())


def _read_feed(run: Run, fetcher: Fetcher, url: str, purpose: Purpose, *, guessed: bool) -> Feed | None:
    answer = run.fetch(fetcher, url, purpose)
    if answer.outcome not in {"fetched", "unchanged"}:
        is_absent = guessed and answer.status in {403, 404, 410}
        detail = f"{url}: not offered (status {answer.status}); its kind guessed it" if is_absent else answer.detail
        run.fail(answer, answer.outcome, detail or url, reported=not is_absent)
        return None
    try:
        limit = fetcher.policy.max_feed_bytes
        feed = page_reader().call(read_feed, run.content(answer), answer.media_type, limit)
    except ReaderKilledError:
        run.fail(answer, "not_xml", f"{url}: reading it took too much memory or time, or crashed the parser")
        return None
    except FeedError as error:
        run.fail(answer, "not_xml", f"{url}: {error}", reported=not guessed)
        return None
    broken = f"; it broke off, what stood before was used ({feed.fault})" if feed.fault else ""
    run.keep(answer, f"{feed.kind}: {len(feed.entries)} entries{broken}")
    return feed
