"""Parses a page's bytes to a tree: charset, and limits that keep a hostile page from blocking the run.

:mod:`ingestion.news` reads articles from the tree, :mod:`ingestion.portals` links.
"""

from __future__ import annotations

import codecs
import html as entities
import re
import unicodedata

import charset_normalizer
from selectolax.lexbor import LexborHTMLParser

from ingestion.vietnamese import legacy

#: Elements nested deeper than this are an attack or a broken page: parsing slows down with the square of it.
MAX_DEPTH = 500

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.\-]{2,40})["']""")
# Only elements whose end is never implied: a page may leave thousands of <p> and <li> open.
_NESTING = re.compile(
    r"<(/?)(?:div|section|article|main|aside|header|footer|nav|blockquote|ul|ol|dl|table|form|center|fieldset|figure)\b",
    re.IGNORECASE,
)
#: Browsers read these names as the code page of Windows that holds more letters; so did those who wrote the pages.
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
#: Share of invalid bytes beyond ASCII with which a text still is UTF-8: programs cut texts in the middle of a letter.
_BROKEN_SHARE = 0.2
#: Share of Vietnamese words with which a code page is preferred to the charset that the page states.
_ENOUGH_VIETNAMESE = 0.5
#: Minimum number of characters of an old font; a single © or · does not indicate one.
_OLD_FONT_CHARACTERS = 80
#: Texts between tags, and outside of what no reader sees. An unclosed element ends with the page, so that no page
#: is searched twice.
_SEEN_TEXT = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^>]*(?:>|\Z)|(?P<text>[^<]+)",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{3,4}|#x[0-9a-f]{2,3}|[a-z]{3,8}\d?);", re.IGNORECASE)
_FONT = re.compile(r"\.Vn[A-Z]\w+|VNI[- ]\w+", re.IGNORECASE)


class PageError(ValueError):
    """A page that cannot be read as one. The message says what is wrong and what to do."""


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin like a page."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<html" in head or b"<body" in head


def decode_page(data: bytes, media_type: str | None = None) -> str:
    """The text of a page, whatever its charset is called.

    In this order: a byte order mark, valid UTF-8 (which no other text is by chance), the server's header, the page's
    ``meta``, the code page that gives Vietnamese words. Text typed for an old font (TCVN3, VNI) is converted to
    Unicode; markup is unchanged.
    """
    named = [_CHARSET.search(media_type.encode(errors="replace")) if media_type else None, _CHARSET.search(data[:4096])]
    return _without_old_fonts(_decoded(data, [match[1] for match in named if match]))


def decode_xml(data: bytes, media_type: str | None = None) -> str:
    """The text of an XML file; like :func:`decode_page`, its own declaration in the place of ``meta``."""
    named = [_CHARSET.search(media_type.encode(errors="replace")) if media_type else None, _XML_ENCODING.match(data)]
    return _decoded(data, [match[1] for match in named if match])


def _decoded(data: bytes, named: list[bytes]) -> str:
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
    beyond = sum(not char.isascii() for char in text)
    if text.count("\ufffd") <= beyond * _BROKEN_SHARE:
        return text
    return _in_code_page(data, [codec for label in named if (codec := _codec(label)) and codec != "utf-8"])


def _codec(label: bytes) -> str | None:
    try:
        name = codecs.lookup(label.decode("ascii")).name
        b"".decode(name)
    except (LookupError, UnicodeDecodeError):
        return None
    return _AS_BROWSERS.get(name, name)


def _in_code_page(data: bytes, named: list[str]) -> str:
    """The text of bytes that are not UTF-8: as the page says, unless another code page makes Vietnamese of it."""
    texts = {
        name: unicodedata.normalize("NFC", data.decode(name, errors="replace"))
        for name in dict.fromkeys([*named, "cp1258", "cp1252"])
    }
    shares = {name: _vietnamese_share(text) for name, text in texts.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _ENOUGH_VIETNAMESE:
        return texts[best]
    if named:
        return texts[named[0]]
    guess = charset_normalizer.from_bytes(data[:100_000]).best()
    return data.decode(guess.encoding, errors="replace") if guess else texts["cp1252"]


def _vietnamese_share(html: str) -> float:
    sample = " ".join(_texts(html))[:20_000]
    readings = [sample, *(decode(sample) for decode in legacy.DECODERS.values())]
    return max(legacy.vietnamese_share(text) or 0.0 for text in readings)


def _texts(html: str) -> list[str]:
    return [entities.unescape(match["text"]) for match in _SEEN_TEXT.finditer(html) if match["text"]]


def _without_old_fonts(html: str) -> str:
    """``html`` with texts typed for TCVN3 or VNI fonts in Unicode."""
    texts = _texts(html)
    odd = [text for text in texts if not (text.isascii() or legacy.is_unicode_vietnamese(text))]
    if sum(map(len, odd)) < _OLD_FONT_CHARACTERS:
        return html
    encoding = legacy.detect(odd, set(_FONT.findall(html)))
    if encoding is None:
        return html
    throughout = not any(map(legacy.is_unicode_vietnamese, texts))

    def converted(match: re.Match[str]) -> str:
        if not match["text"]:
            return match[0]
        # Letters of an old font may be written as entities; those of markup (&lt;) must stay.
        text = _ENTITY.sub(lambda found: _letter(found[0]), match["text"])
        return legacy.decode_text(text, encoding, throughout=throughout)

    return _SEEN_TEXT.sub(converted, html)


def _letter(entity: str) -> str:
    letter = entities.unescape(entity)
    return letter if len(letter) == 1 and 0xA1 <= ord(letter) <= 0xFF else entity


def parse_page(html: str) -> LexborHTMLParser:
    """The tree of a page. Raises :class:`PageError` if it is not HTML or is nested too deeply."""
    if "<" not in html:
        raise PageError("no HTML; store the page as the portal sends it")
    depth = 0
    for match in _NESTING.finditer(html):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            raise PageError(f"more than {MAX_DEPTH} elements inside each other; look at the page in a browser")
    return LexborHTMLParser(html)
