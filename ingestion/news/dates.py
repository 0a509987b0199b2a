"""The date on which a page says that its article appeared: metadata, elements of its engine, lines beside the heading.

A date is never taken from the text, from related items, or from the page's head, where some portals print today's date.
The forms are data (``pages.yml``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingestion.news.layouts import Engine, load_layouts
from ingestion.news.structure import BLOCKS, PageStructure
from ingestion.vietnamese.clock import vietnam_time
from ingestion.vietnamese.text import nfc

_META_DATES = (
    ("property", "article:published_time"),
    ("name", "article:published_time"),
    ("itemprop", "datePublished"),
    ("name", "pubdate"),
    ("name", "dc.date"),
)
#: Longest line that states a date, and what may stand in it besides the date.
_LONGEST_LINE, _LONGEST_REST = 160, 60
#: Only the top of an element is searched: dates further down belong to the article's text.
_TOP = 200
#: Characters between the heading and the body that are searched.
_HEAD = 1_000


def published_at(
    tree: LexborHTMLParser, page: PageStructure, engine: Engine, body: LexborNode | None, url: str
) -> datetime | None:
    """The local time of publication without zone, midnight where the page prints a day; None if it prints none."""
    for attribute, name in _META_DATES:
        node = tree.css_first(f"meta[{attribute}='{name}']")
        content = node.attributes.get("content") if node is not None and not page.is_outside(node) else None
        if content and (found := iso_time(content)):
            return found
    for node in tree.css("script[type='application/ld+json']"):
        if found := _json_date(node.text(deep=True)):
            return found
    elements = _of_elements(tree, page, engine, body)
    return elements or _beside_heading(page, body) or address_time(url, engine)


def _of_elements(
    tree: LexborHTMLParser, page: PageStructure, engine: Engine, body: LexborNode | None
) -> datetime | None:
    """The date in an element of the engine; one after the heading is preferred to one above it."""
    above: datetime | None = None
    for selector in engine.date:
        for node in tree.css(selector)[:5]:
            if page.is_outside(node) or not _is_near(page, node, body):
                continue
            top = nfc(node.text(separator=" "))[:_TOP]
            found = iso_time(node.attributes.get("datetime") or "") or printed_time(top)
            if found is None:
                continue
            if page.heading is None or page.position(node) > page.position(page.heading):
                return found
            above = above or found
    return above


def _is_near(page: PageStructure, node: LexborNode, body: LexborNode | None) -> bool:
    """Whether an element belongs to the article: it stands after the heading, or close above it."""
    heading = page.heading
    if heading is None or page.position(node) > page.position(heading) or page.contains(node, heading):
        return body is None or node is not body
    parent, steps = heading.parent, 0
    while parent is not None and steps < 3:
        if parent.tag != "body" and page.contains(parent, node):
            return True
        parent, steps = parent.parent, steps + 1
    return False


def _beside_heading(page: PageStructure, body: LexborNode | None) -> datetime | None:
    """The first line between the heading and the text that states a date and little else."""
    if page.heading is None:
        return None
    limit = page.position(body) if body is not None and not page.contains(body, page.heading) else None
    for line in _lines_after(page, page.heading, limit):
        if found := _line_time(line):
            return found
    if body is not None:
        for line in list(page.blocks(body))[:3]:
            if found := _line_time(line):
                return found
    return None


def _lines_after(page: PageStructure, heading: LexborNode, limit: int | None) -> Iterator[str]:
    """Lines of text after the heading up to a position, at most as many characters as a head has."""
    pieces: list[str] = []
    read = 0
    for node in _following(page, heading):
        if read > _HEAD or (limit is not None and page.position(node) >= limit):
            break
        if node.tag == "-text":
            text = node.text(deep=False)
            read += len(text.strip())
            pieces.append(text)
        elif node.tag in BLOCKS:
            yield nfc(" ".join(pieces))
            pieces = []
    yield nfc(" ".join(pieces))


def _following(page: PageStructure, heading: LexborNode) -> Iterator[LexborNode]:
    """Nodes after ``heading`` in document order, dropped blocks left out."""
    node: LexborNode | None = heading
    while node is not None and node.tag not in {"body", "html"}:
        sibling = node.next
        while sibling is not None:
            stack = [sibling]
            while stack:
                inner = stack.pop()
                tag = inner.tag or ""
                if tag != "-text" and (tag.startswith(("-", "_", "!")) or page.is_dropped(inner)):
                    continue
                yield inner
                if tag != "-text":
                    stack.extend(reversed(list(inner.iter(include_text=True))))
            sibling = sibling.next
        node = node.parent


def _line_time(line: str) -> datetime | None:
    if not line or len(line) > _LONGEST_LINE or (found := printed_time(line)) is None:
        return None
    rest = load_layouts().date_words.sub("", line)
    for pattern in load_layouts().dates:
        rest = pattern.sub("", rest, count=1)
    # A sentence that begins with a date ("Sáng 14/01, …") is text.
    return found if len(rest.strip(" -|,():;")) <= _LONGEST_REST and not rest.rstrip().endswith(".") else None


def is_date_line(line: str) -> bool:
    """Whether a line contains the date of publication and nothing else."""
    if len(line) > _LONGEST_LINE or not any(char.isdigit() for char in line):
        return False
    layouts = load_layouts()
    for pattern in layouts.dates:
        rest, count = pattern.subn("", line, count=1)
        if count and not layouts.date_words.sub("", rest).strip(" -|,():;.\u2013"):
            return True
    return False


def _json_date(text: str) -> datetime | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = content if isinstance(content, list) else [content]
    for item in items:
        graph = item.get("@graph") if isinstance(item, dict) else None
        for entry in [item, *(graph if isinstance(graph, list) else [])]:
            if isinstance(entry, dict) and isinstance(entry.get("datePublished"), str):
                return iso_time(entry["datePublished"])
    return None


def iso_time(text: str) -> datetime | None:
    """A time of metadata in local time; the forms that portals print are understood, too."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return printed_time(text)
    return vietnam_time(found) if found.tzinfo else found


def printed_time(text: str) -> datetime | None:
    """A full date as portals print it: "Thứ ba - 20/07/2021 11:53", "(14:30 | 21/06/2018)", "20-07-2021"."""
    for pattern in load_layouts().dates:
        for match in pattern.finditer(text):
            if found := _moment(match):
                return found
    return None


def address_time(url: str, engine: Engine) -> datetime | None:
    """The date in an article's address, where its engine writes one."""
    match = re.search(engine.address_date, url) if engine.address_date else None
    return _moment(match) if match else None


def _moment(match: re.Match[str]) -> datetime | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = int(parts["year"]) if "year" in parts else 2000 + int(parts["yy"])
    if "month_name" in parts:
        month = load_layouts().month_names.index(parts["month_name"].lower()) + 1
    else:
        month = int(parts["month"])
    hour = int(parts.get("hour", 0))
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    try:
        # Local time as printed; the page names no zone.
        return datetime(year, month, int(parts["day"]), hour, int(parts.get("minute", 0)))  # noqa: DTZ001
    except ValueError:
        return None
