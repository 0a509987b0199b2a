"""A page's bytes become a parsed tree: charset, and limits that keep a hostile page from holding up the run.

What the tree says is the business of :mod:`.article` and :mod:`.discovery`.
"""

from __future__ import annotations

import re

import charset_normalizer
from selectolax.lexbor import LexborHTMLParser

#: Elements in elements beyond this depth are an attack or a broken page: parsing slows down with the square of it.
MAX_DEPTH = 500

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
# Only elements whose end is never implied: a page may leave thousands of <p> and <li> open.
_NESTING = re.compile(
    r"<(/?)(?:div|section|article|main|aside|header|footer|nav|blockquote|ul|ol|dl|table|form|center|fieldset|figure)\b",
    re.IGNORECASE,
)


class PageError(ValueError):
    """A page that cannot be read as one. The message says what is wrong and what to do."""


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin like a page."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<html" in head or b"<body" in head


def decode_page(data: bytes, media_type: str | None = None) -> str:
    """The text of a page: byte order mark, then the server's charset, then the page's own, then UTF-8, then a guess."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", errors="replace")
    named = [_CHARSET.search(media_type.encode()) if media_type else None, _CHARSET.search(data[:4096])]
    for match in named:
        if match:
            try:
                return data.decode(match[1].decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                continue
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        guess = charset_normalizer.from_bytes(data[:100_000]).best()
        return data.decode(guess.encoding if guess else "utf-8", errors="replace")


def parse_page(html: str) -> LexborHTMLParser:
    """The tree of a page. Raises :class:`PageError` if it is no HTML or nested beyond reason."""
    if "<" not in html:
        raise PageError("no HTML; store the page as the portal sends it")
    depth = 0
    for match in _NESTING.finditer(html):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            raise PageError(f"more than {MAX_DEPTH} elements inside each other; look at the page in a browser")
    return LexborHTMLParser(html)
