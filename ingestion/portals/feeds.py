"""Sitemaps and feeds: bytes in, addresses with their dates out. Pure.

Untrusted XML is read by expat, which refuses everything that makes XML dangerous or large: document type declarations
(and with them entities), deep nesting, long texts, endless lists. A feed with a syntax error, as hand-made ones have,
gives the entries before the error, and the error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from xml.parsers import expat

from ingestion.page import decode_xml
from ingestion.portals.wire import RefusedError, unfolded
from ingestion.vietnamese.clock import utc_time

FeedKind = Literal["sitemap", "index", "feed"]

#: The protocol of sitemaps allows so many entries to a file; a feed never has them.
MAX_ENTRIES = 50_000
MAX_DEPTH = 32
_MAX_ADDRESS = 4_000
#: Elements whose text is wanted, by their parent's and own name. What lies deeper (images, channels) is not.
_ADDRESSES = {("url", "loc"), ("sitemap", "loc"), ("item", "link"), ("item", "guid")}
_DATES = {
    ("url", "lastmod"),
    ("sitemap", "lastmod"),
    ("news", "publication_date"),
    ("item", "pubDate"),
    ("item", "date"),
    ("entry", "updated"),
    ("entry", "published"),
}
_ENTRIES = frozenset({"url", "sitemap", "item", "entry"})
_ROOTS: dict[str, FeedKind] = {
    "urlset": "sitemap",
    "sitemapindex": "index",
    "rss": "feed",
    "RDF": "feed",
    "feed": "feed",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Portals print the time of Vietnam, and so does a date without a zone.


class FeedError(ValueError):
    """Neither a sitemap nor a feed, or one that must not be read. The message says why."""


@dataclass(frozen=True)
class Entry:
    """An address, and when its content last changed (UTC without zone; a day counts to its end), if it says so."""

    url: str
    changed_at: datetime | None


@dataclass(frozen=True)
class Feed:
    """Entries in the order of the file. ``fault``: the syntax error at which reading stopped, if any."""

    kind: FeedKind
    entries: tuple[Entry, ...]
    fault: str | None = None


def read_feed(data: bytes, media_type: str | None, max_bytes: int) -> Feed:
    """The entries of a sitemap, a sitemap index, an RSS or an Atom feed, packed by gzip or not.

    ``max_bytes`` limits its decompressed size. Raises :class:`FeedError`.
    """
    try:
        text = decode_xml(unfolded(data, max_bytes), media_type).lstrip("\ufeff \t\r\n")
    except RefusedError as error:
        raise FeedError(error.detail) from error
    reader = _Reader()
    # Without namespaces: engines write prefixes that they never declare.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    fault = None
    try:
        parser.Parse(text.encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        fault = f"line {error.lineno}: {expat.ErrorString(error.code)}"
    if reader.kind is None:
        raise FeedError(f"no sitemap, RSS or Atom ({fault or 'another kind of XML'})")
    return Feed(reader.kind, tuple(reader.entries), fault)


def _refuse(*_: object) -> None:
    raise FeedError("it declares a document type or entities, which is refused; feeds need none")


@dataclass
class _Reader:
    kind: FeedKind | None = None
    entries: list[Entry] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _length: int = 0
    _links: list[str] = field(default_factory=list)
    _dates: list[datetime] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self._path:
            self.kind = _ROOTS.get(local)
            if self.kind is None:
                raise FeedError(f"no sitemap, RSS or Atom (it begins with <{local[:40]}>)")
        if len(self._path) >= MAX_DEPTH:
            raise FeedError(f"more than {MAX_DEPTH} elements inside each other")
        if local in _ENTRIES:
            self._links, self._dates = [], []
        if local == "link" and self._path[-1:] == ["entry"] and attributes.get("rel", "alternate") == "alternate":
            self._links.append(attributes.get("href", ""))
        self._path.append(local)
        self._text, self._length = [], 0

    def text(self, text: str) -> None:
        self._length += len(text)
        if self._length <= _MAX_ADDRESS:
            self._text.append(text)

    def end(self, name: str) -> None:
        place = (self._path[-2] if len(self._path) > 1 else "", self._path[-1])
        text = "".join(self._text).strip() if self._length <= _MAX_ADDRESS else ""
        if place in _ADDRESSES and text.startswith(("http://", "https://", "/")):
            # An identifier (guid) may be an address; the link always is.
            self._links.insert(0 if place[1] != "guid" else len(self._links), text)
        elif text and place in _DATES and (found := moment(text)):
            self._dates.append(found)
        elif self._path[-1] in _ENTRIES and self._links:
            if len(self.entries) >= MAX_ENTRIES:
                raise FeedError(f"more than {MAX_ENTRIES:,} entries")
            self.entries.append(Entry(self._links[0], max(self._dates, default=None)))
            self._links, self._dates = [], []
        self._path.pop()
        self._text, self._length = [], 0


def moment(text: str) -> datetime | None:
    """A date of a sitemap or feed as UTC without zone: ISO 8601 or RFC 822; None if it is neither.

    A day without time counts to its end, so that what changed during that day is not missed.
    """
    stated = text.strip()
    try:
        try:
            found = datetime.fromisoformat(stated)
        except ValueError:
            found = parsedate_to_datetime(stated)
        if _DAY.fullmatch(stated):
            found += timedelta(days=1)
        return utc_time(found)
    except (ValueError, OverflowError):
        return None
