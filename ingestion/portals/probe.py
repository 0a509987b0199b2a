"""What a portal answers today: its listing, its ways back, one article. Nothing is archived or recorded as fetched.

Reading the article is left to the caller (:mod:`ingestion.news`), which knows pages. The same limits hold as in a run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingestion.page import PageError, decode_page, parse_page
from ingestion.portals.discovery import Links, discover
from ingestion.portals.feeds import FeedError, read_feed
from ingestion.portals.fetch import PRODUCT, Fetched, Fetcher, FetchPolicy
from ingestion.portals.portals import Portal, is_private_address
from ingestion.vietnamese.text import nfc

#: Articles that are tried until one is sent.
_ARTICLES = 3


@dataclass(frozen=True)
class Probe:
    """What a portal answered. ``page_title`` and ``generator`` are those of its listing: a host may change hands.

    ``way_back`` are the ways of its kind that were found, ``missing`` those that were not. ``article`` is the first of
    the listing that was sent.
    """

    portal: Portal
    outcome: str
    detail: str
    page_title: str = ""
    generator: str = ""
    articles: int = 0
    way_back: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    article: Fetched | None = None


def probe_portal(
    portal: Portal, *, contact: str = PRODUCT, allow_private: bool = False, policy: FetchPolicy | None = None
) -> Probe:
    """Ask a portal for its first listing, for the feeds and sitemaps of its kind, and for one article."""
    limits = policy or FetchPolicy(pause_seconds=portal.pause_seconds)
    private = limits.allow_private or portal.allow_private or (allow_private and is_private_address(portal.base_url))
    with Fetcher(replace(limits, allow_private=private), contact=contact, owns=portal.owns) as fetcher:
        address = (portal.starting_points("listings") or [portal.base_url])[0]
        answer = fetcher.get(address, "listing")
        if answer.outcome != "fetched":
            return Probe(portal, answer.outcome, answer.detail or address)
        try:
            html = decode_page(answer.data, answer.media_type)
            links = discover(html, answer.final_url or address, portal)
            title, generator = _marks(html)
        except PageError as error:
            return Probe(portal, "not_html", f"{address}: {error}")
        found = _ways_back(portal, fetcher, links)
        return Probe(
            portal,
            "fetched",
            address,
            title,
            generator,
            len(links.articles),
            tuple(way for way in portal.rules.way_back if way in found),
            tuple(way for way in portal.rules.way_back if way not in found),
            _article(fetcher, links),
        )


def _marks(html: str) -> tuple[str, str]:
    tree = parse_page(html)
    title = tree.css_first("title")
    generator = tree.css_first("meta[name=generator i]")
    return (
        nfc(title.text()) if title is not None else "",
        nfc(generator.attributes.get("content") or "") if generator is not None else "",
    )


def _ways_back(portal: Portal, fetcher: Fetcher, links: Links) -> set[str]:
    found: set[str] = {
        way for way in portal.rules.way_back if way in {"pages", "offsets", "portlet_pages"} and links.pages
    }
    if "feeds" in portal.rules.way_back and any(
        _is_feed(fetcher.get(url, "feed"), fetcher)
        for url in dict.fromkeys((*links.feeds, *portal.starting_points("feeds")))
    ):
        found.add("feeds")
    sitemaps = (*fetcher.sitemaps(portal.base_url), *portal.starting_points("sitemaps"))
    if "sitemaps" in portal.rules.way_back and any(
        _is_feed(fetcher.get(url, "sitemap"), fetcher) for url in dict.fromkeys(sitemaps) if portal.owns(url)
    ):
        found.add("sitemaps")
    return found


def _is_feed(answer: Fetched, fetcher: Fetcher) -> bool:
    if answer.outcome != "fetched":
        return False
    try:
        return bool(read_feed(answer.data, answer.media_type, fetcher.policy.max_feed_bytes).entries)
    except FeedError:
        return False


def _article(fetcher: Fetcher, links: Links) -> Fetched | None:
    answers = (fetcher.get(url, "article") for url in links.articles[:_ARTICLES])
    return next((answer for answer in answers if answer.outcome == "fetched"), None)
