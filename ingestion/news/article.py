"""From a page's bytes to its article: title, lead, paragraphs, byline, source, date. No network, no claims.

Portals of the alliances run on a handful of engines (NukeViet, that of the VCA, WordPress, small custom ones), so
the known elements are tried first and trafilatura is the fallback. Captions, ratings, related news, visit counters and
session notices around an article are not part of its text. The date comes from the page or stays empty. Source of the
templates: domain brief, parts 6.1 and 6.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingestion.page import PageError, decode_page, parse_page
from ingestion.vietnamese.clock import vietnam_time
from ingestion.vietnamese.text import nfc

#: Portals print local time.
#: A page with more characters of body is not an article.
MAX_BODY = 500_000

_TITLES = ("h1.title", "article h1", ".news-detail h1", "h1.entry-title", "h1.post-title", "h1")
_LEADS = (".hometext", "#hometext", ".sapo", ".lead", ".article-lead", ".summary", "h2.description")
_BODIES = (
    "#news-bodyhtml",
    ".bodytext",
    "[itemprop=articleBody]",
    ".entry-content",
    ".post-content",
    ".article-content",
    ".news-content",
    ".detail-content",
    "article .content",
    ".news-detail .content",
    "article",
    "div.content",
)
_DATES = (
    "time[datetime]",
    ".date",
    ".time",
    ".post-date",
    ".publish-date",
    ".meta",
    ".h5",
    ".news-detail",
    "article header",
)
_RIGHT_ALIGNED = "p.text-right, [style*='text-align:right'], [style*='text-align: right'], .author, .byline"

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div h1 h2 h3 h4 h5 h6 li ul ol table tbody thead tr blockquote section article br hr dl dt dd pre center",
    )
)
_SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "script style noscript nav form button select input textarea iframe svg figcaption aside footer header "
        "template h1 object video audio",
    )
)
_SKIPPED_NAMES = re.compile(
    r"(?:^|[\s_-])(?:caption|related|others?|rating|share|social|comments?|breadcrumbs?|menu|footer|sidebar|tags?|"
    r"counter|timeoutsess|fontsize|ads?|advert\w*|toolbar|print|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Paragraphs that are not part of an article, in any position.
_BOILERPLATE = re.compile(
    r"^(?:ảnh(?:\s+minh\s+họ?a)?\s*[:,(].*|ảnh\s+minh\s+h(?:ọa|oạ).*|nguồn\s+ảnh.*"
    r"|tổng số điểm của bài viết.*|click để đánh giá.*|những tin (?:mới|cũ) hơn.*|(?:các\s+)?tin (?:khác|liên quan)"
    r"|bạn đã không sử dụng site.*|số lượt (?:truy cập|xem).*|lượt (?:xem|truy cập).*|đang trực tuyến.*"
    r"|xem với cỡ chữ.*|tin cùng (?:chuyên mục|loại).*"
    r"|từ khóa\s*:.*|chia sẻ.*|ý kiến bạn đọc.*|bình luận.*|(?:gửi|in)\s+bài\s+viết.*|in trang.*"
    r"|©.*|copyright.*|bản quyền.*|ghi rõ nguồn.*|địa chỉ\s*:.*|điện thoại\s*:.*|giấy phép.*)$",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(r"\.?\s*\(?ảnh\s*:\s*[^.]{1,60}\)?\.?$", re.IGNORECASE)
_LONE_CAPTION = re.compile(r"^\(?ảnh(?:\s+minh\s+h\w+)?\s*[:,].{0,60}$", re.IGNORECASE)
_ORIGINAL_LINK = re.compile(r"link\s+bài\s+viết\s+gốc\s*:\s*(\S+)", re.IGNORECASE)
_SOURCE_LINE = re.compile(
    r"\(\s*((?:[Nn]guồn\s*:|[Tt]heo)\s+[^()]{2,80}?)\s*\)\.?$|^((?:Nguồn\s*:|Theo)\s+[^\W\d_a-z][^().]{1,80})$"
)
#: A line that contains only the date of publication.
_DATE_LINE = re.compile(
    r"^[(\s]*(?:(?:thứ\s+\w+|chủ\s+nhật)[\s,-]*)?(?:\d{1,2}:\d{2}\s*[|,-]?\s*)?\d{1,2}/\d{1,2}/\d{4}"
    r"[\s,|-]*(?:\d{1,2}[:h]\d{2})?\s*(?:\(?GMT\s*\+7\)?)?[)\s]*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^[^\W\d_][\w\s.\-–,]{1,59}$")

_DATE_TEXTS = (
    re.compile(r"thứ\s+\w+|chủ nhật", re.IGNORECASE),
    re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*\|\s*(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})[\s,|-]+(?:lúc\s+)?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})"
    ),
    re.compile(r"(?P<hour>\d{1,2})[:h](?P<minute>\d{2})[\s,|-]+(?:ngày\s+)?"
               r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
)  # fmt: skip
_META_DATES = (
    ("property", "article:published_time"),
    ("name", "article:published_time"),
    ("itemprop", "datePublished"),
    ("name", "pubdate"),
    ("name", "dc.date"),
)


class ArticleError(PageError):
    """A page without an article. The message names what was expected and what to do."""


@dataclass(frozen=True)
class Article:
    """One article. ``published_at`` is the local time the page prints, without zone; None if it prints none.

    Claims are read from ``text``, and their positions refer to it: title, lead and paragraphs, a line each.
    """

    url: str
    title: str
    lead: str | None
    paragraphs: tuple[str, ...]
    byline: str | None
    source_line: str | None
    published_at: datetime | None
    canonical_url: str | None

    @property
    def body(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(self.paragraphs)

    @property
    def text(self) -> str:
        """Title, lead and body, a line each."""
        return "\n".join(part for part in (self.title, self.lead, *self.paragraphs) if part)


def extract_article(data: bytes, url: str, media_type: str | None = None) -> Article:
    """The article of a page. Raises :class:`ArticleError` if the page has no title or no text."""
    html = decode_page(data, media_type)
    try:
        tree = parse_page(html)
    except PageError as error:
        raise ArticleError(f"{url}: {error}") from error
    title = _first_text(tree, _TITLES) or _meta(tree, "property", "og:title") or _first_text(tree, ("title",))
    if not title:
        raise ArticleError(f"{url}: no title (h1, og:title, title); this is no article page")
    published_at = _published_at(tree)
    lead = _first_text(tree, _LEADS)
    canonical, byline, source_line = _canonical_url(tree, url), None, None
    paragraphs = _paragraphs(tree, html)
    for text in [*_aside_lines(tree, paragraphs), *paragraphs[-4:]]:
        if match := _ORIGINAL_LINK.search(text):
            canonical = match[1].rstrip(".,)")
            continue
        if len(text) <= 160 and (match := _SOURCE_LINE.search(text)):
            source_line = source_line or (match[1] or match[2]).strip()
            text = text[: match.start()].strip(" -–(")  # noqa: PLW2901 - what is left may be the byline
        if (
            text
            and len(text) <= 60
            and text not in {title, lead}
            and _BYLINE.match(text)
            and not text.endswith((".", ":", ";", ","))
        ):
            byline = byline or text
    closing = {byline, source_line}
    kept = tuple(
        text
        for text in paragraphs
        if text not in closing and text not in {lead, title} and not _is_signature(text, byline, source_line)
    )
    if not kept and not lead:
        raise ArticleError(f"{url}: no text besides menus and notices; this is no article page")
    return Article(url, title, lead, kept, byline, source_line, published_at, canonical)


def _is_signature(text: str, byline: str | None, source_line: str | None) -> bool:
    if _ORIGINAL_LINK.search(text):
        return True
    rest = text
    for part in (byline, source_line):
        rest = rest.replace(part, "") if part else rest
    return rest != text and not rest.strip(" ()-–.")


def _first_text(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> str | None:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None and (text := nfc(node.text(separator=" "))):
            return text
    return None


def _meta(tree: LexborHTMLParser, attribute: str, name: str) -> str | None:
    node = tree.css_first(f"meta[{attribute}='{name}']")
    content = node.attributes.get("content") if node is not None else None
    return nfc(content) or None if content else None


def _canonical_url(tree: LexborHTMLParser, url: str) -> str | None:
    node = tree.css_first("link[rel=canonical]")
    href = (node.attributes.get("href") if node is not None else None) or _meta(tree, "property", "og:url")
    if not href:
        return None
    try:
        absolute = urljoin(url, href.strip())
        return absolute if urlsplit(absolute).scheme in {"http", "https"} else None
    except ValueError:
        return None


# -- date -------------------------------------------------------------------------------------------------------


def _published_at(tree: LexborHTMLParser) -> datetime | None:
    for attribute, name in _META_DATES:
        if (content := _meta(tree, attribute, name)) and (found := _iso_time(content)):
            return found
    for node in tree.css("script[type='application/ld+json']"):
        if found := _json_date(node.text(deep=True)):
            return found
    for selector in _DATES:
        for node in tree.css(selector)[:5]:
            if _inside_skipped(node):
                continue
            stamp = node.attributes.get("datetime")
            if stamp and (found := _iso_time(stamp)):
                return found
            # Only the top of a container is searched: dates further down belong to the article's text.
            if found := _printed_time(nfc(node.text(separator=" "))[:200]):
                return found
    return None


def _json_date(text: str) -> datetime | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = content if isinstance(content, list) else [content]
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("datePublished"), str):
            return _iso_time(item["datePublished"])
    return None


def _iso_time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _printed_time(text)
    return vietnam_time(found) if found.tzinfo else found


def _printed_time(text: str) -> datetime | None:
    """A full date as portals print it: "Thứ ba - 20/07/2021 11:53", "(14:30 | 21/06/2018)", "20/07/2021"."""
    for pattern in _DATE_TEXTS[1:]:
        for match in pattern.finditer(text):
            parts = {name: int(value) for name, value in match.groupdict().items()}
            try:
                return datetime(  # noqa: DTZ001 - local time as printed; the page names no zone
                    parts["year"], parts["month"], parts["day"], parts.get("hour", 0), parts.get("minute", 0)
                )
            except ValueError:
                continue
    return None


# -- paragraphs -------------------------------------------------------------------------------------------------


def _paragraphs(tree: LexborHTMLParser, html: str) -> list[str]:
    best: list[str] = []
    for selector in _BODIES:
        node = tree.css_first(selector)
        if node is None:
            continue
        found = _clean(_blocks(node))
        if sum(map(len, found)) >= 80:
            best = found
            break
        best = best or found
    if sum(map(len, best)) < 80:
        text = trafilatura.extract(html, include_comments=False, include_tables=True, favor_precision=True)
        fallback = _clean(nfc(line) for line in text.splitlines()) if text else []
        best = fallback if sum(map(len, fallback)) > sum(map(len, best)) else best
    if sum(map(len, best)) > MAX_BODY:
        raise ArticleError(f"more than {MAX_BODY} characters of text; this is no article page")
    return best


def _clean(blocks: Iterator[str]) -> list[str]:
    kept: list[str] = []
    for text in blocks:
        if not text:
            continue
        if _LONE_CAPTION.match(text):
            # The line above a lone "Ảnh: …" is the picture's caption, unless it states figures.
            if kept and len(kept[-1]) < 160 and not any(char.isdigit() for char in kept[-1]):
                kept.pop()
            continue
        if _BOILERPLATE.match(text) or _DATE_LINE.match(text) or (len(text) < 200 and _CAPTION_END.search(text)):
            continue
        kept.append(text)
    return kept


def _blocks(root: LexborNode) -> Iterator[str]:
    """Texts of the blocks below ``root`` in order; a table row is one block, its cells divided by " | "."""
    pieces: list[str] = []
    # Node (None: a block ends here) and whether it lies in a table cell, whose blocks do not end the row.
    stack: list[tuple[LexborNode | None, bool]] = [(root, False)]
    while stack:
        node, in_cell = stack.pop()
        if node is None:
            if text := nfc("".join(pieces)):
                yield text.strip("| ").strip()
            pieces = []
            continue
        tag = node.tag or ""
        if tag == "-text":
            pieces.append(node.text(deep=False))
            continue
        if tag.startswith(("-", "_", "!")) or (node is not root and _is_skipped(node, tag)):
            continue
        if tag in {"td", "th"}:
            pieces.append(" | ")
            in_cell = True
        ends_block = tag in _BLOCKS and not in_cell
        if tag in _BLOCKS and in_cell:
            pieces.append(" ")
        if ends_block:
            stack.append((None, False))
        stack.extend((child, in_cell) for child in reversed(list(node.iter(include_text=True))))
        if ends_block:
            stack.append((None, False))
    if text := nfc("".join(pieces)):
        yield text.strip("| ").strip()


def _is_skipped(node: LexborNode, tag: str) -> bool:
    if tag in _SKIPPED:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(names.strip()) and bool(_SKIPPED_NAMES.search(names))


def _inside_skipped(node: LexborNode) -> bool:
    parent: LexborNode | None = node
    while parent is not None and parent.tag not in {"body", "html"}:
        if parent.tag not in {"header", "h1"} and _is_skipped(parent, parent.tag or ""):
            return True
        parent = parent.parent
    return False


def _aside_lines(tree: LexborHTMLParser, paragraphs: list[str]) -> list[str]:
    """Right-aligned lines below the body: byline, source, link to the original."""
    return [text for node in tree.css(_RIGHT_ALIGNED)[:20] if (text := nfc(node.text(separator=" ")))]
