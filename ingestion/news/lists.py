"""Lists that state the number of their items: "10 địa phương … gồm: A, B, C".

Reads text only; whether count and items agree is judged in the warehouse. A list is read only where its words announce
all items (``lists.yml``); one that ends in "…" is marked as open, so that it is not compared with its count. Items with
figures are a breakdown and are read as claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.vietnamese.places import province_spellings, region_names
from ingestion.vietnamese.text import composed_with_offsets, fold, nfc

LISTS_FILE = Path(__file__).with_name("lists.yml")

#: A larger count does not introduce a list.
MAX_ITEMS = 100
#: A longer text without a full stop is not a sentence with a list.
MAX_SENTENCE = 6_000
#: Words of an item of a list divided by commas; longer ones are clauses of a sentence.
MAX_WORDS = 8

_COUNT = r"(?<![\d.,/%-])(?P<count>\d{1,3}|hai|ba|bốn|sáu|bảy|tám|chín|mười)"
_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
#: A point that does not end a sentence: after an abbreviation ("TP. Huế"), or one of several ("…").
_POINT = re.compile(r"\n|(?<![.\w])\.(?!\.)|(?<!\bTP)(?<!\bTp)(?<!\bT)(?<!\.)\.(?!\.)")
_ENUMERATED = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-z])\)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class StatedList:
    """One list: how many items it states, of what, and the items; ``text[start:end]`` is ``quote``.

    ``is_unended`` marks a list that ends with "…" or "v.v.".
    """

    stated_count: int
    noun: str
    items: tuple[str, ...]
    is_unended: bool
    quote: str
    start: int
    end: int


def find_lists(text: str) -> tuple[StatedList, ...]:
    """Every list of ``text`` that states its count, in text order; positions refer to ``text``."""
    composed, offsets = composed_with_offsets(text)
    found: list[StatedList] = []
    for start, end in _sentences(composed):
        for read in _in_sentence(composed[start:end]):
            first, last = offsets[start + read.start], offsets[start + read.end]
            found.append(
                StatedList(read.stated_count, read.noun, read.items, read.is_unended, text[first:last], first, last)
            )
    return tuple(found)


@dataclass(frozen=True)
class _Patterns:
    opening: re.Pattern[str]
    in_brackets: re.Pattern[str]
    unended: re.Pattern[str]
    places: frozenset[str]


@cache
def _patterns() -> _Patterns:
    words: dict[str, Any] = yaml.safe_load(LISTS_FILE.read_text(encoding="utf-8"))
    nouns = _any_of([*words["places"], *words["things"]])
    # "10 địa phương có vốn trên 20 tỷ đồng, gồm": words about the counted items between count and list.
    between = r"(?P<between>(?:[^.:;()\n]|\.(?=\d)){0,150}?)"
    openers = _any_of(words["openers"])
    return _Patterns(
        re.compile(
            rf"{_COUNT}\s+(?P<noun>{nouns})\b{between}"
            rf"(?:[\s,]+(?:{openers})\b\s*:?|\s*:)\s*(?P<items>\S.*)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{_COUNT}\s+(?P<noun>{nouns})\b(?P<between>[^.:;()\n\d]{{0,60}}?)\((?P<items>[^()\d]+)\)", re.IGNORECASE
        ),
        # "Bắc Kạn…", "Bắc Kạn, v.v.": dots end any word, words stand by themselves.
        re.compile(rf"[\s,;]*(?:(?<!\w)(?=\w)|(?!\w))(?:{_any_of(words['unended'])})(?!\w)", re.IGNORECASE),
        frozenset(words["places"]),
    )


def _any_of(texts: list[str]) -> str:
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return "|".join(re.escape(text).replace(r"\ ", r"\s+") for text in longest_first)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _POINT.finditer(text):
        rest = text[match.end() : match.end() + 40]
        # A point between letters or figures ("TP.HCM", "15.000") ends nothing, nor one before a small letter.
        if match[0] == "." and rest and not (rest[0].isspace() and (not rest.strip() or rest.lstrip()[0].isupper())):
            continue
        if 0 < match.start() - start <= MAX_SENTENCE:
            yield start, match.start()
        start = match.end()
    if 0 < len(text) - start <= MAX_SENTENCE:
        yield start, len(text)


def _in_sentence(sentence: str) -> Iterator[StatedList]:
    patterns = _patterns()
    taken = 0
    for pattern in (patterns.opening, patterns.in_brackets):
        position = 0
        while (match := pattern.search(sentence, position)) is not None:
            position = match.end("noun")
            read = _read(match)
            if read is not None and read.start >= taken:
                yield read
                position = taken = read.end


def _read(match: re.Match[str]) -> StatedList | None:
    patterns = _patterns()
    stated = _WORDS.get(match["count"].lower()) or int(match["count"])
    if not 2 <= stated <= MAX_ITEMS:
        return None
    raw = match["items"].rstrip(" .;,")
    broken_off = patterns.unended.search(raw)
    noun = " ".join(match["noun"].lower().split())
    end = match.start("items") + len(raw)
    is_unended = broken_off is not None or any(dots in match["items"][len(raw) :] for dots in ("..", "…"))
    if noun in patterns.places:
        items = _leading_places(raw[: broken_off.start()] if broken_off else raw)
    else:
        # A second count between would leave open which of the two the list counts.
        if any(char.isdigit() for char in match["between"]):
            return None
        items = _items(raw[: broken_off.start()] if broken_off else raw)
        if any(char.isdigit() for item in items for char in item[:8]):
            return None
    if len(items) < 2:
        return None
    return StatedList(stated, noun, tuple(items), is_unended, "", match.start(), end)


def _leading_places(raw: str) -> list[str]:
    """The names of places a list begins with; none if a name stands behind something that is none.

    What follows the last name is the sentence going on. A word between names may be a name misspelled: such a list
    cannot be counted.
    """
    parts = [nfc(part).strip(" .-") for part in re.split(r",|;|\s+và\s+", _unbracketed(raw))]
    known = [fold(part) in _places() for part in parts if part]
    leading = next((at for at, is_known in enumerate(known) if not is_known), len(known))
    return [] if any(known[leading:]) else [part for part in parts if part][:leading]


def _items(raw: str) -> list[str]:
    """The items of a list: numbered ones, else those divided by semicolons, else short ones divided by commas."""
    numbered = [nfc(item).strip(" ,;.") for item in _ENUMERATED.split(raw)]
    if len(numbered) > 2 and not numbered[0]:
        return [item for item in numbered if item]
    if ";" in raw:
        return [item for part in raw.split(";") if (item := nfc(part).strip(" ,.-"))]
    parts = [nfc(part).strip(" .-") for part in _split_outside_brackets(raw)]
    if parts:
        parts[-1:] = [nfc(part) for part in re.split(r"\s+và\s+", parts[-1])]
    items = [part for part in parts if part]
    # Commas divide clauses as well: only names ("HTX An Phú, HTX Bình Minh") are taken for items.
    return items if all(item[0].isupper() and len(item.split()) <= MAX_WORDS for item in items) else []


def _split_outside_brackets(text: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for at, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == "," and not depth:
            parts.append(text[last:at])
            last = at + 1
    return [*parts, text[last:]]


def _unbracketed(item: str) -> str:
    return re.sub(r"\([^()]*\)", "", item)


@cache
def _places() -> frozenset[str]:
    names = {fold(spelling) for spelling, _ in province_spellings()} | {fold(name) for name in region_names()}
    return frozenset(names | {f"{kind} {name}" for kind in ("tinh", "thanh pho", "tp") for name in names})
