"""The vocabulary of claims: ``vocabulary.yml`` and the reference data, compiled for lookup.

Only words and metrics, no grammar. A phrase has tags ``category:code`` ("cue:founded", "noun:booth", "place:Nghệ An");
one phrase may have several. Returns the :class:`Vocabulary` of the tokeniser and the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.vietnamese.places import province_spellings, region_names
from ingestion.vietnamese.text import tone_key
from warehouse.reference import reference_rows

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.yml")

#: A text falls into these pieces: a word, a figure, or a single mark.
PIECE = re.compile(r"[^\W\d_]\w*|\d+(?:[.,]\d+)*|[^\s\w]|\w")

_DASHES = {"–": "-", "—": "-"}


@lru_cache(maxsize=50_000)
def key_of(piece: str) -> str:
    """A piece for matching: lower case, tone at the end, every dash the same."""
    return _DASHES.get(piece) or tone_key(piece)


class VocabularyError(ValueError):
    """``vocabulary.yml`` contradicts itself or the reference data; the message names the entry."""


@dataclass(frozen=True)
class Metric:
    """One metric of the vocabulary; see the head of ``vocabulary.yml`` for the meaning of the fields."""

    code: str
    unit: str
    accumulation: str
    counts: frozenset[str]
    org_type: str
    within: frozenset[str]
    noun_is_enough: frozenset[str]
    is_event: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether it is a stock at a day, not a flow in a period."""
        return self.accumulation == "stock"


@dataclass(frozen=True)
class Vocabulary:
    """Metrics by code; phrases by their first word, longest first; the metrics of changes."""

    metrics: Mapping[str, Metric]
    changes: Mapping[str, tuple[str | None, str | None]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]

    def longest_phrase(self, keys: list[str], position: int) -> tuple[int, frozenset[str]] | None:
        """Number of pieces and tags of the longest phrase that starts at ``position``; None if there is none."""
        for words, tags in self.phrases.get(keys[position], ()):
            if tuple(keys[position : position + len(words)]) == words:
                return len(words), tags
        return None


def words_of(phrase: str) -> tuple[str, ...]:
    """The keys of a phrase's pieces."""
    return tuple(key_of(piece) for piece in PIECE.findall(phrase))


@cache
def load_vocabulary() -> Vocabulary:
    """The compiled vocabulary. Raises :class:`VocabularyError` if the file is inconsistent."""
    content: dict[str, Any] = yaml.safe_load(VOCABULARY_FILE.read_text(encoding="utf-8"))
    metrics = {code: _metric(code, entry) for code, entry in content["metrics"].items()}
    changes = {code: (pair[0], pair[1]) for code, pair in content["changes"].items()}
    named = {*changes, *(code for pair in changes.values() for code in pair if code)}
    if unknown := sorted(named - set(metrics)):
        raise VocabularyError(f"vocabulary.yml: changes name unknown metrics {', '.join(unknown)}")
    return Vocabulary(metrics, changes, _compile(_tagged_phrases(content)))


def _metric(code: str, entry: Mapping[str, Any]) -> Metric:
    try:
        return Metric(
            code=code,
            unit=entry["unit"],
            accumulation=entry["accumulation"],
            counts=frozenset(entry["counts"]),
            org_type=entry["org_type"],
            within=frozenset(entry.get("within", ())),
            noun_is_enough=frozenset(entry.get("noun_is_enough", ())),
            is_event=bool(entry.get("event", False)),
        )
    except KeyError as missing:
        raise VocabularyError(f"vocabulary.yml: metric {code!r} lacks {missing}") from missing


def _tagged_phrases(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for code, entry in content["metrics"].items():
        yield from ((phrase, f"cue:{code}") for phrase in entry["words"])
    groups = {
        "organisations": "org",
        "sectors": "sector",
        "nouns": "noun",
        "contexts": "context",
        "weak": "weak",
        "change": "change",
        "qualifiers": "qualifier",
        "qualifiers_after": "qualifier_after",
        "statuses": "status",
        "accumulations": "accumulation",
        "links": "link",
        "plan": "plan",
        "after_average": "after_average",
    }
    for group, category in groups.items():
        for code, phrases in content[group].items():
            yield from ((phrase, f"{category}:{code}") for phrase in phrases)
    for group in ("alliance", "subsets", "programmes", "attain", "exceed", "plain", "borrow", "reports", "others"):
        yield from ((phrase, f"{group}:") for phrase in content[group])
    places = content["places"]
    if unknown := sorted(set(places["regions"]) - region_names()):
        raise VocabularyError(
            f"vocabulary.yml: no region of provinces.csv is called {', '.join(unknown)}; "
            f"known: {', '.join(sorted(region_names()))}"
        )
    for name, phrases in places["regions"].items():
        yield from ((phrase, f"region:{name}") for phrase in (name, *phrases))
    for code in ("nation", "local", "district", "each_province", "former", "merged"):
        yield from ((phrase, f"{code}:") for phrase in places[code])
    for row in reference_rows("sectors"):
        if row["code"] not in {"total", "other"}:
            spellings = (row["name_vi"], *row["aliases"].split("|"))
            yield from ((text, f"sector:{row['code']}") for text in spellings if len(text) > 3)
    yield from ((spelling, f"place:{name}") for spelling, name in province_spellings())


def _compile(
    tagged: Iterable[tuple[str, str]],
) -> dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]:
    tags: dict[tuple[str, ...], set[str]] = {}
    for phrase, tag in tagged:
        if words := words_of(str(phrase)):
            tags.setdefault(words, set()).add(tag)
    by_first: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for words, found in tags.items():
        by_first.setdefault(words[0], []).append((words, frozenset(found)))
    return {first: tuple(sorted(entries, key=lambda e: (-len(e[0]), e[0]))) for first, entries in by_first.items()}
