"""Which links of a listing page lead to articles, to lists of articles, to their further pages, and to feeds.

Pure: HTML in, addresses out. The portal's kind (``kinds.yml``) has the patterns of addresses; an address that matches
none of them is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ingestion.page import parse_page
from ingestion.portals.portals import Portal
from ingestion.vietnamese.text import fold

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})


@dataclass(frozen=True)
class Links:
    """Addresses found on a listing, in page order, each once.

    ``sections`` are first pages of lists, ``pages`` further ones: of each list only the next page.
    """

    articles: tuple[str, ...]
    sections: tuple[str, ...]
    pages: tuple[str, ...]
    feeds: tuple[str, ...]


def discover(html: str, page_url: str, portal: Portal) -> Links:
    """The links of the page at ``page_url`` that stay within the portal.

    Raises :class:`ingestion.page.PageError` for anything but a page.
    """
    rules = portal.rules
    articles: dict[str, None] = {}
    sections: dict[str, None] = {}
    pages: dict[str, None] = {}
    following: dict[str, None] = {}
    feeds: dict[str, None] = {}
    here = portal.address(page_url)
    tree = parse_page(html)
    base = tree.css_first("base[href]")
    root = urljoin(page_url, (base.attributes.get("href") or "").strip()) if base is not None else page_url
    items = {node.mem_id for selector in rules.items for node in tree.css(selector)}
    menus = {node.mem_id for selector in rules.menus for node in tree.css(f"{selector} a")}
    for node in tree.css("a[href], link[href]"):
        url = address_of(root, node.attributes.get("href") or "", portal)
        relation = (node.attributes.get("rel") or "").lower().split()
        if url is None or url == here:
            continue
        if "next" in relation:
            following.setdefault(url)
        elif node.tag == "link":
            kind = (node.attributes.get("type") or "").strip().lower()
            if "alternate" in relation and kind in _FEED_TYPES and "comment" not in url:
                feeds.setdefault(url)
        elif rules.page_number(url) is not None:
            pages.setdefault(url)
        elif rules.is_section(url) or (not rules.is_never(url) and fold(node.text()) in rules.section_names):
            sections.setdefault(url)
        elif node.mem_id not in menus and (rules.is_article(url) or (node.mem_id in items and not rules.is_never(url))):
            articles.setdefault(url)
    onward = following or _next_pages(pages, here, portal)
    return Links(
        tuple(articles),
        tuple(url for url in sections if url not in articles),
        tuple(url for url in onward if url not in articles),
        tuple(feeds),
    )


def address_of(page_url: str, href: str, portal: Portal) -> str | None:
    """The address that a link of ``page_url`` leads to, if it stays within the portal; else None."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = portal.address(urljoin(page_url, href.strip()))
        return url if urlsplit(url).scheme in {"http", "https"} and portal.owns(url) else None
    except ValueError:
        return None


def _next_pages(pages: Iterable[str], here: str, portal: Portal) -> list[str]:
    """Of every list that is paged here, the page with the lowest number above the present one's."""
    rules = portal.rules
    first = rules.first_page
    own_stem, own_number = rules.page_stem(here), rules.page_number(here) or first
    lowest: dict[str, tuple[int, str]] = {}
    for url in pages:
        stem, number = rules.page_stem(url), rules.page_number(url) or 0
        if number > (own_number if stem == own_stem else first) and (stem not in lowest or number < lowest[stem][0]):
            lowest[stem] = (number, url)
    return [url for _, url in lowest.values()]
