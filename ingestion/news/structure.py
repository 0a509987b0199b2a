"""Which part of a page belongs to its article: the heading, its body, and what stands between that is another article.

Works on the structure of the page, so that it holds for engines that nobody has described. Related items often stand
inside the element that holds the text, so blocks are judged by themselves: a block that is mostly links, begins with a
link like a teaser, or follows a heading such as "Tin liên quan" is no text of the article. Words and selectors are data
(``pages.yml``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingestion.news.layouts import Engine, Layouts
from ingestion.vietnamese.text import fold, nfc

BLOCKS = frozenset(
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
_UNREAD = frozenset({"script", "style", "noscript", "template"})
#: Portals wrap whole pages in these; their content counts.
_WRAPPERS = frozenset({"form", "header", "h1"})
_BOXES = frozenset({"div", "ul", "ol", "table", "section", "article", "dl", "li", "blockquote", "center"})
_LISTS = frozenset({"div", "ul", "ol", "table", "section", "dl"})
#: Share of linked text with which a block with several links, or with one, is a list of other articles.
_SHARE_OF_SEVERAL, _SHARE_OF_ONE = 0.6, 0.9
#: A box that begins with a link of this length, and is no longer than that, is a teaser.
_TEASER_LINK, _TEASER_LENGTH, _TEASER_SHARE = 20, 500, 0.25
_LONGEST_RELATED_HEADING = 60
_LONGEST_CAPTION, _LONGEST_BOXED_CAPTION = 400, 200
#: With so much text below an element, the element is the container of the heading and its text.
_ENOUGH_TEXT, _PARAGRAPH = 200, 40
#: Ancestors of the heading that may be its container.
_LEVELS = 40


class PageStructure:
    """The elements of one page in document order, and which of them are no text of its article."""

    def __init__(self, tree: LexborHTMLParser, layouts: Layouts) -> None:
        self._layouts = layouts
        self.root = tree.body or tree.root
        self._spans: dict[int, tuple[int, int]] = {}
        #: Up to each position: characters, characters in links, links.
        self._sums: list[tuple[int, int, int]] = []
        #: Positions of texts, and whether each lies in a link.
        self._texts: list[int] = []
        self._in_link: list[bool] = []
        self._related: list[LexborNode] = []
        self._measure(tree)
        self._articles = [node for node in tree.css("article") if node.mem_id in self._spans]
        self._dropped: set[int] = set()
        self.heading: LexborNode | None = None

    def use(self, tree: LexborHTMLParser, engine: Engine, heading: LexborNode | None) -> None:
        """Judge the page with the rules of ``engine`` and this heading."""
        self.heading = heading
        self._dropped = {node.mem_id for selector in engine.drop for node in tree.css(selector)}
        for node in self._related:
            self._drop_related(node)
        if heading is not None:
            self._dropped -= {node.mem_id for node in _ancestors(heading)}

    # -- measures -------------------------------------------------------------------------------------------

    def _measure(self, tree: LexborHTMLParser) -> None:
        root = self.root
        characters = linked = links = 0
        stack: list[tuple[LexborNode, bool, bool]] = [(root, False, False)] if root is not None else []
        while stack:
            node, in_link, is_end = stack.pop()
            if is_end:
                self._spans[node.mem_id] = (self._spans[node.mem_id][0], len(self._sums))
                continue
            tag = node.tag or ""
            self._spans[node.mem_id] = (len(self._sums), len(self._sums) + 1)
            if tag == "-text":
                length = len(text) if (text := node.text(deep=False).strip()) else 0
                if length:
                    self._texts.append(len(self._sums))
                    self._in_link.append(in_link)
                    characters += length
                    linked += length if in_link else 0
                    if length <= _LONGEST_RELATED_HEADING and self._layouts.related_heading.fullmatch(fold(text)):
                        self._related.append(node)
                self._sums.append((characters, linked, links))
                continue
            if tag == "a" and _leads_on(node):
                in_link, links = True, links + 1
            self._sums.append((characters, linked, links))
            if tag in _UNREAD or tag.startswith(("-", "_", "!")):
                continue
            stack.append((node, in_link, True))
            stack.extend((child, in_link, False) for child in reversed(list(node.iter(include_text=True))))

    def _amounts(self, node: LexborNode) -> tuple[int, int, int]:
        """Characters, characters in links, and links below a node."""
        start, end = self._spans.get(node.mem_id, (0, 0))
        if end == 0:
            return 0, 0, 0
        before = self._sums[start - 1] if start else (0, 0, 0)
        last = self._sums[end - 1]
        return last[0] - before[0], last[1] - before[1], last[2] - before[2]

    def position(self, node: LexborNode) -> int:
        """The place of a node in document order."""
        return self._spans.get(node.mem_id, (0, 0))[0]

    def end(self, node: LexborNode) -> int:
        """The place after the last node below a node."""
        return self._spans.get(node.mem_id, (0, 0))[1]

    def contains(self, node: LexborNode, inner: LexborNode) -> bool:
        """Whether ``inner`` lies in ``node`` or is it."""
        return self.position(node) <= self.position(inner) and self.end(inner) <= self.end(node)

    def _begins_with_link(self, node: LexborNode) -> bool:
        first = bisect_left(self._texts, self.position(node))
        return first < len(self._texts) and self._texts[first] < self.end(node) and self._in_link[first]

    # -- what is no text of the article -----------------------------------------------------------------------

    def is_dropped(self, node: LexborNode) -> bool:
        """Whether a block inside the body is no text of the article."""
        if self.heading is not None and self.contains(node, self.heading):
            return False
        tag = node.tag or ""
        return (
            node.mem_id in self._dropped
            or tag in _SKIPPED
            or self._has_dropped_name(node)
            or (tag == "article" and self._is_foreign_article(node))
            or self._is_list_of_links(node, tag)
            or self._is_caption(node, tag)
        )

    def is_outside(self, node: LexborNode) -> bool:
        """Whether an element lies in a part of the page that is no text of the article."""
        return any(
            parent.tag not in _WRAPPERS and not self._holds_heading(parent) and self._is_apart(parent)
            for parent in (node, *_ancestors(node))
        )

    def _is_apart(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        return (
            node.mem_id in self._dropped
            or tag in _SKIPPED
            or self._has_dropped_name(node)
            or (tag == "article" and self._is_foreign_article(node))
        )

    def _holds_heading(self, node: LexborNode) -> bool:
        return self.heading is not None and self.contains(node, self.heading)

    def _has_dropped_name(self, node: LexborNode) -> bool:
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        return bool(names.strip()) and bool(self._layouts.dropped_names.search(names))

    def _is_foreign_article(self, node: LexborNode) -> bool:
        """Of several ``article`` elements, only those around the heading belong to the page; the others are teasers."""
        return self.heading is not None and len(self._articles) > 1 and not self._holds_heading(node)

    def _is_list_of_links(self, node: LexborNode, tag: str) -> bool:
        if tag not in BLOCKS or tag in {"br", "hr"}:
            return False
        characters, linked, links = self._amounts(node)
        if not links or not characters:
            return False
        share = linked / characters
        if share >= (_SHARE_OF_SEVERAL if links > 1 else _SHARE_OF_ONE):
            return True
        is_teaser = linked >= _TEASER_LINK and characters <= _TEASER_LENGTH and share >= _TEASER_SHARE
        return tag in _BOXES and is_teaser and self._begins_with_link(node)

    def _is_caption(self, node: LexborNode, tag: str) -> bool:
        """Whether a block only places a picture and its caption, or is the line in italics below one."""
        if tag not in {"p", "div", "table", "figure", "center"}:
            return False
        characters = self._amounts(node)[0]
        if not characters or characters > _LONGEST_CAPTION:
            return False
        if tag == "p":
            return self._is_in_italics(node) and (_holds_picture(node) or _follows_picture(node))
        if not _holds_picture(node):
            return False
        if tag == "table":
            return all(len(row.css("td, th")) <= 1 for row in node.css("tr"))
        inner = [block for block in node.css("p, div") if block.mem_id != node.mem_id and block.text(strip=True)]
        return characters <= _LONGEST_BOXED_CAPTION and len(inner) <= 1

    def _is_in_italics(self, node: LexborNode) -> bool:
        characters = self._amounts(node)[0]
        return any(self._amounts(inner)[0] == characters for inner in node.css("em, i"))

    def _drop_related(self, text: LexborNode) -> None:
        """Drop the block under a heading above other articles."""
        head = text
        size = self._amounts(text)[0]
        while head.parent is not None and head.parent.tag != "body" and self._amounts(head.parent)[0] == size:
            head = head.parent
        box = head.parent
        is_above = self.heading is not None and self.position(head) < self.position(self.heading)
        if box is None or is_above or head.mem_id in self._dropped:
            return
        start = self.position(box)
        before = self._sums[max(self.position(head) - 1, 0)][0] - self._sums[max(start - 1, 0)][0]
        is_block = head.tag in BLOCKS or (head.tag == "-text" and box.tag not in {"p", "span"})
        if box.tag != "body" and before < _PARAGRAPH // 2 and not self._holds_heading(box):
            if is_block or self._amounts(box)[2]:
                self._dropped.add(box.mem_id)
            return
        if is_block:
            self._dropped.add(head.mem_id)
            self._drop_items(head)

    def _drop_items(self, head: LexborNode) -> None:
        """Drop what follows a heading in running text: its list, or all of the rest where the items are not boxed."""
        is_boxed = False
        item = head.next
        while item is not None:
            tag = item.tag or ""
            if tag not in {"-text", "br", "hr"}:
                characters, _, links = self._amounts(item)
                if is_boxed and tag == "p" and not links and characters:
                    return
                is_boxed = tag in _LISTS or (is_boxed and not characters)
            self._dropped.add(item.mem_id)
            item = item.next

    # -- the body ---------------------------------------------------------------------------------------------

    def body(self, tree: LexborHTMLParser, engine: Engine, lead: str | None) -> LexborNode | None:
        """The element that holds the article's text; None if none that ``engine`` names belongs to the heading."""
        container = self.container(lead) if engine is self._layouts.generic else None
        best: LexborNode | None = None
        for selector in engine.body:
            for node in tree.css(selector)[:20]:
                if not self._belongs(node, container):
                    continue
                if sum(map(len, self.blocks(node))) >= 2 * _PARAGRAPH:
                    return node
                best = best or node
        return best if container is None else container

    def _belongs(self, node: LexborNode, container: LexborNode | None) -> bool:
        if self.is_outside(node):
            return False
        heading = self.heading
        if heading is None:
            return len(self._articles) <= 1
        if not self.contains(node, heading) and self.position(node) < self.position(heading):
            return False
        return container is None or self.contains(container, node) or self.contains(node, container)

    def container(self, lead: str | None) -> LexborNode | None:
        """The nearest element around the heading that also holds text below it."""
        if self.heading is None:
            return None
        for parent in islice(_ancestors(self.heading), _LEVELS):
            if self._sums[self.end(parent) - 1][0] - self._sums[self.end(self.heading) - 1][0] < _PARAGRAPH:
                continue
            texts = [text for text in self.blocks(parent) if text != lead]
            long = [text for text in texts if len(text) >= _PARAGRAPH]
            if len(long) > 1 or sum(map(len, texts)) >= _ENOUGH_TEXT:
                return parent
        return None

    def blocks(self, root: LexborNode) -> Iterator[str]:
        """Texts of the blocks below ``root`` in order, without what is dropped and what stands before the heading.

        A table row is one block, its cells divided by " | ".
        """
        begin = self.end(self.heading) if self.heading is not None and self.contains(root, self.heading) else 0
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
            if self.end(node) <= begin or not self._is_read(node, tag, root):
                continue
            if tag == "-text":
                pieces.append(node.text(deep=False))
                continue
            if tag in {"td", "th"}:
                pieces.append(" | ")
                in_cell = True
            ends_block = tag in BLOCKS and not in_cell
            if tag in BLOCKS and in_cell:
                pieces.append(" ")
            if ends_block:
                stack.append((None, False))
            stack.extend((child, in_cell) for child in reversed(list(node.iter(include_text=True))))
            if ends_block:
                stack.append((None, False))
        if text := nfc("".join(pieces)):
            yield text.strip("| ").strip()

    def _is_read(self, node: LexborNode, tag: str, root: LexborNode) -> bool:
        if tag == "-text":
            return node.mem_id not in self._dropped
        return not tag.startswith(("-", "_", "!")) and (node is root or not self.is_dropped(node))

    def reason(self) -> str:
        """Why no body was found, for the person who looks at the page."""
        if len(self._articles) > 1:
            count = len(self._articles)
            return f"{count} article elements and none with the page's heading; this is a list of articles"
        return "no text beside the heading; this is no article page"


def headings(tree: LexborHTMLParser, selectors: Iterable[str]) -> Iterator[LexborNode]:
    """Elements with text that match, in the order of the selectors."""
    for selector in selectors:
        for node in tree.css(selector)[:10]:
            if node.text(strip=True):
                yield node


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and parent.tag not in {"html", "-document"}:
        yield parent
        parent = parent.parent


def _holds_picture(node: LexborNode) -> bool:
    return node.css_first("img") is not None


def _follows_picture(node: LexborNode) -> bool:
    above = node.prev
    while above is not None and above.tag in {"-text", "br"} and not above.text(strip=True):
        above = above.prev
    return above is not None and above.tag != "-text" and _holds_picture(above) and not above.text(strip=True)


def _leads_on(node: LexborNode) -> bool:
    href = (node.attributes.get("href") or "").strip()
    return bool(href) and not href.startswith(("#", "mailto:", "tel:"))
