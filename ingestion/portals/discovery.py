"""Which links of a listing page lead to articles, which to further listings. Pure: HTML in, addresses out.

Portals number or name their articles in a few ways (domain brief, part 6.1); what fits none of them is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from ingestion.portals.page import parse_page
from ingestion.vietnamese.text import fold

_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|css|js|xml|rss|json|ico|woff2?)$", re.IGNORECASE
)
_NO_ARTICLE = re.compile(
    r"/(?:rss|feed|tag|tags|search|tim-kiem|login|dang-nhap|users?|savefile|print|in-bai|lien-he|contact|gioi-thieu|"
    r"about|sitemap|wp-(?:admin|json|content)|admin|author|thanh-vien)(?:[/.]|$)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"/(?:tin-tuc|tin-hoat-dong|tin-tuc-su-kien|hoat-dong|su-kien|news|bai-viet)(?:/(?:index\.html?)?)?$", re.IGNORECASE
)
_PAGINATION = re.compile(
    r"/(?:page|trang)[-/]\d{1,4}(?:\.html?)?/?$|/index[-_]\d{1,4}\.html?$|[?&](?:page|trang|p)=\d{1,4}(?:&|$)",
    re.IGNORECASE,
)
_NUMBERED_SLUG = re.compile(r"/[a-z0-9-]+-a?\d{2,}(?:\.html?)?/?$", re.IGNORECASE)
_DATED_SLUG = re.compile(r"/\d{4}/\d{1,2}/(?:\d{1,2}/)?[a-z0-9-]+/?$", re.IGNORECASE)
_IN_SECTION = re.compile(
    r"/(?:tin-tuc|tin-hoat-dong|tin-tuc-su-kien|hoat-dong|su-kien|news|bai-viet)/(?:[a-z0-9-]+/)*[a-z0-9-]+(?:\.html?)?/?$",
    re.IGNORECASE,
)
_LONG_SLUG = re.compile(r"/[a-z0-9]+(?:-[a-z0-9]+){3,}(?:\.html?)?/?$", re.IGNORECASE)
#: Parameters that say where a reader came from, not which page it is.
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|zarsrc|ref)$", re.IGNORECASE)


@dataclass(frozen=True)
class Links:
    """Addresses found on a listing, in page order, each once."""

    articles: tuple[str, ...]
    listings: tuple[str, ...]


def discover(html: str, page_url: str) -> Links:
    """Article links and further listing links of the page at ``page_url``, on the same host only.

    Raises :class:`ingestion.portals.page.PageError` for what is no page.
    """
    articles: dict[str, None] = {}
    listings: dict[str, None] = {}
    here = normalised(page_url)
    for node in parse_page(html).css("a[href], link[rel=next]"):
        url = _absolute(page_url, node.attributes.get("href") or "")
        if url is None or url == here or not same_host(url, page_url):
            continue
        is_next = "next" in (node.attributes.get("rel") or "").split()
        if is_next or is_listing_link(url) or fold(node.text()) in {"tin tuc", "tin hoat dong", "tin tuc su kien"}:
            listings.setdefault(url)
        elif node.tag == "a" and is_article_link(url):
            articles.setdefault(url)
    return Links(tuple(articles), tuple(url for url in listings if url not in articles))


def is_listing_link(url: str) -> bool:
    """Whether an address looks like a list of articles, or a further page of one."""
    parts = urlsplit(url)
    if _NO_PAGE.search(parts.path) or _NO_ARTICLE.search(parts.path):
        return False
    return bool(
        _SECTION.search(parts.path) or _PAGINATION.search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    )


def is_article_link(url: str) -> bool:
    """Whether an address looks like one article: numbered, dated, in a news section, or with a long speaking name."""
    path = urlsplit(url).path
    if _NO_PAGE.search(path) or _NO_ARTICLE.search(path) or path.endswith(("/index.html", "/index.htm")):
        return False
    if is_listing_link(url):
        return False
    return any(pattern.search(path) for pattern in (_NUMBERED_SLUG, _DATED_SLUG, _IN_SECTION, _LONG_SLUG))


def same_host(url: str, other: str) -> bool:
    """Whether two addresses lie on the same host and port."""
    return urlsplit(url).netloc.lower() == urlsplit(other).netloc.lower()


def normalised(url: str) -> str:
    """An address without fragment and tracking parameters, so that one page has one address."""
    parts = urlsplit(url.strip())
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", urlencode(query), ""))


def _absolute(page_url: str, href: str) -> str | None:
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = normalised(urljoin(page_url, href.strip()))
    except ValueError:
        return None
    return url if urlsplit(url).scheme in {"http", "https"} else None
