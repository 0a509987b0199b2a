"""From a page's bytes to its article: title, lead, paragraphs, byline, source, date. No network, no claims.

Portals run on a dozen engines, whose elements are data (``pages.yml``); :mod:`.structure` judges what belongs to the
article, whatever its engine, :mod:`.dates` when it appeared. A page whose text does not belong to its heading is
refused. The date comes from the page or its address, or stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingestion.news.dates import is_date_line, published_at
from ingestion.news.layouts import GENERIC, Engine, load_layouts
from ingestion.news.structure import PageStructure, headings
from ingestion.page import PageError, decode_page, parse_page
from ingestion.vietnamese.text import fold, nfc

#: A page with more characters of body is not an article.
MAX_BODY = 500_000

_RIGHT_ALIGNED = "p.text-right, [style*='text-align:right'], [style*='text-align: right'], .author, .byline"

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
#: Where a page needs a script to put its text in.
_PLACEHOLDER = re.compile(r"(?:\{\w+\}\s*)+")
_TITLE_AND_SITE = re.compile(r"(?P<head>.{15,})\s[|–-]\s(?P<tail>.+)")
#: A shorter text may be the name of a section as well.
_LONG_TITLE = 15
_BYLINE = re.compile(r"^[^\W\d_][\w\s.\-–,]{1,59}$")


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
    #: The entry of ``pages.yml`` by which the page was read.
    engine: str = GENERIC

    @property
    def body(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(self.paragraphs)

    @property
    def text(self) -> str:
        """Title, lead and body, a line each."""
        return "\n".join(part for part in (self.title, self.lead, *self.paragraphs) if part)


def extract_article(data: bytes, url: str, media_type: str | None = None) -> Article:
    """The article of a page. Raises :class:`ArticleError` if the page has no title or no text of its own."""
    html = decode_page(data, media_type)
    try:
        tree = parse_page(html)
    except PageError as error:
        raise ArticleError(f"{url}: {error}") from error
    page = PageStructure(tree, load_layouts())
    found = _found(tree, page)
    title = _title(tree, page)
    if not title:
        raise ArticleError(f"{url}: no title (h1, og:title, title); this is no article page")
    paragraphs = _paragraphs(page, found.body, html)
    byline, source_line, original = _signature(_aside_lines(tree, page), paragraphs, {title, found.lead})
    closing = {byline, source_line}
    kept = tuple(
        text
        for text in paragraphs
        if text not in closing and text not in {found.lead, title} and not _is_signature(text, byline, source_line)
    )
    if not kept and not found.lead:
        raise ArticleError(f"{url}: {page.reason()}")
    return Article(
        url,
        title,
        found.lead,
        kept,
        byline,
        source_line,
        published_at(tree, page, found.engine, found.body, url),
        original or _canonical_url(tree, url),
        found.engine.name,
    )


@dataclass(frozen=True)
class _Found:
    """The engine whose selectors fit a page, and the body and lead that they give."""

    engine: Engine
    body: LexborNode | None
    lead: str | None


def _found(tree: LexborHTMLParser, page: PageStructure) -> _Found:
    """The first engine that finds a heading and a text that belongs to it; ``page`` keeps the heading."""
    *known, generic = load_layouts().engines
    for engine in known:
        for heading in headings(tree, engine.title):
            page.use(tree, engine, heading)
            if page.is_outside(heading):
                continue
            lead = _lead(tree, page, engine)
            body = page.body(tree, engine, lead)
            if body is not None and any(page.blocks(body)):
                return _Found(engine, body, lead)
            break
    page.use(tree, generic, None)
    page.use(tree, generic, _generic_heading(tree, page, generic))
    lead = _lead(tree, page, generic)
    return _Found(generic, page.body(tree, generic, lead), lead)


def _generic_heading(tree: LexborHTMLParser, page: PageStructure, generic: Engine) -> LexborNode | None:
    """The heading that ``og:title`` repeats, else a known one, else one that begins the page's title, else the first.

    The name of a portal may be an ``h1`` and the title of every page, too.
    """
    known = [node for node in headings(tree, generic.title[:-1]) if not page.is_outside(node)]
    first = [node for node in headings(tree, generic.title[-1:]) if not page.is_outside(node)]
    lower = [node for node in headings(tree, ("h2", "h3", ".title")) if not page.is_outside(node)]
    social, stated = (fold(text or "") for text in (_meta(tree, "property", "og:title"), _first_text(tree, "title")))
    texts = {node.mem_id: fold(nfc(node.text(separator=" "))) for node in (*known, *first, *lower)}
    repeats = (node for node in (*known, *first, *lower) if _begins(social, texts[node.mem_id]))
    begins = (node for node in (*first, *lower) if _begins(stated, texts[node.mem_id]))
    return next(repeats, None) or next(iter(known), None) or next(begins, None) or next(iter(first), None)


def _begins(title: str, text: str) -> bool:
    return bool(text) and (title == text or (len(text) >= _LONG_TITLE and title.startswith(text)))


def _title(tree: LexborHTMLParser, page: PageStructure) -> str | None:
    site = _meta(tree, "property", "og:site_name")
    texts = [
        nfc(page.heading.text(separator=" ")) if page.heading is not None else None,
        _meta(tree, "property", "og:title"),
        _first_text(tree, "title"),
    ]
    title = next((text for text in texts if text), None)
    return _without_site(title, site) if title else None


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of the portal that follows it ("… | Báo Mẫu")."""
    match = _TITLE_AND_SITE.fullmatch(title)
    if match is None:
        return title
    head, tail = match["head"].strip(), match["tail"].strip()
    is_site = (site is not None and fold(tail) == fold(site)) or load_layouts().site_name.fullmatch(tail) is not None
    return _without_site(head, site) if is_site else title


def _lead(tree: LexborHTMLParser, page: PageStructure, engine: Engine) -> str | None:
    for selector in engine.lead:
        for node in tree.css(selector)[:5]:
            text = nfc(node.text(separator=" "))
            if not text or page.is_outside(node):
                continue
            if page.heading is None or page.position(node) > page.position(page.heading):
                return text
    return None


def _signature(
    asides: list[str], paragraphs: list[str], other: set[str | None]
) -> tuple[str | None, str | None, str | None]:
    """Byline, source and address of the original in lines beside the text and in its last paragraphs."""
    byline: str | None = None
    source_line: str | None = None
    original: str | None = None
    for text in [*asides, *paragraphs[-4:]]:
        if match := _ORIGINAL_LINK.search(text):
            original = match[1].rstrip(".,)")
            continue
        rest = text
        if len(text) <= 160 and (match := _SOURCE_LINE.search(text)):
            source_line = source_line or (match[1] or match[2]).strip()
            rest = text[: match.start()].strip(" -–(")
        is_name = rest and len(rest) <= 60 and rest not in other and _BYLINE.match(rest)
        if is_name and not rest.endswith((".", ":", ";", ",")):
            byline = byline or rest
    return byline, source_line, original


def _is_signature(text: str, byline: str | None, source_line: str | None) -> bool:
    if _ORIGINAL_LINK.search(text):
        return True
    rest = text
    for part in (byline, source_line):
        rest = rest.replace(part, "") if part else rest
    return rest != text and not rest.strip(" ()-–.")


def _first_text(tree: LexborHTMLParser, selector: str) -> str | None:
    node = tree.css_first(selector)
    return nfc(node.text(separator=" ")) or None if node is not None else None


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


# -- paragraphs -------------------------------------------------------------------------------------------------


def _paragraphs(page: PageStructure, body: LexborNode | None, html: str) -> list[str]:
    found = _clean(page.blocks(body)) if body is not None else []
    if body is None and page.heading is None:
        text = trafilatura.extract(html, include_comments=False, include_tables=True, favor_precision=True)
        # Another article's text is none, however likely it looks: every line must be one of the page that is kept.
        own = set(page.blocks(page.root)) if page.root is not None else set()
        found = [line for line in _clean(nfc(line) for line in text.splitlines()) if line in own] if text else []
    if sum(map(len, found)) > MAX_BODY:
        raise ArticleError(f"more than {MAX_BODY} characters of text; this is no article page")
    return found


def _clean(blocks: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for text in blocks:
        if not text:
            continue
        if _LONE_CAPTION.match(text):
            # The line above a lone "Ảnh: …" is the picture's caption, unless it states figures.
            if kept and len(kept[-1]) < 160 and not any(char.isdigit() for char in kept[-1]):
                kept.pop()
            continue
        if not _is_notice(text):
            kept.append(text)
    return kept


def _is_notice(text: str) -> bool:
    """Whether a line is no text of the article: a notice of the portal, its date, a caption, what a script fills in."""
    if _BOILERPLATE.match(text) or _PLACEHOLDER.fullmatch(text) or is_date_line(text):
        return True
    return len(text) < 200 and _CAPTION_END.search(text) is not None


def _aside_lines(tree: LexborHTMLParser, page: PageStructure) -> list[str]:
    """Right-aligned lines below the body: byline, source, link to the original."""
    nodes = [node for node in tree.css(_RIGHT_ALIGNED)[:20] if not page.is_outside(node)]
    return [text for node in nodes if (text := nfc(node.text(separator=" ")))]
