"""Features by which copies of an article are found: hash, sketch of its words, the original that it names.

Portals of the provinces reprint reports of the national alliance. This module describes a single page; copies are
identified over all pages together, in the warehouse (``int_news_article``), so that the order of arrival does not
matter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from ingestion.vietnamese.text import fold, nfc

#: Words of one shingle. With five, a changed figure changes five of hundreds of shingles; a common sentence adds few.
SHINGLE = 5
#: Positions of a sketch. The share of equal positions of two sketches estimates how much of their shingles the two
#: texts have in common, to within four points of a hundred.
SKETCH = 120

_ORIGINAL_LINK = re.compile(r"link\s+bài\s+viết\s+gốc\s*:?\s*(https?://\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class TextPrint:
    """The fingerprint of a text: hash of its folded words, its sketch, and how many words and distinct shingles it has.

    ``sketch`` has :data:`SKETCH` numbers below 2**32, or none for a text shorter than one shingle.
    """

    sha256: str
    word_count: int
    shingle_count: int
    sketch: tuple[int, ...]


def print_of(text: str) -> TextPrint:
    """The fingerprint of an article's body. Case, tones, punctuation and blanks do not matter; figures do."""
    words = words_of(text)
    found = shingles(words, SHINGLE)
    return TextPrint(hashlib.sha256(" ".join(words).encode()).hexdigest(), len(words), len(found), _sketch(found))


def words_of(text: str) -> list[str]:
    """The words of a text, folded for comparison, in order."""
    # Not through the cache of `fold`: whole articles would stay in memory.
    return fold.__wrapped__(text).split()


def shingles(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """Every run of ``size`` words."""
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def containment(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The share of the smaller set that the larger one contains, 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def original_link(tree: LexborHTMLParser) -> str | None:
    """The address a page names as that of the original article ("Link bài viết gốc: …")."""
    body = tree.body
    match = _ORIGINAL_LINK.search(nfc.__wrapped__(body.text(separator=" "))) if body is not None else None
    return match[1].rstrip(".,;)") if match else None


@cache
def _multipliers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd factors and summands of the sketch's hash functions, from their numbers alone: the same everywhere."""
    digests = [hashlib.blake2b(f"sketch {n}".encode(), digest_size=16).digest() for n in range(SKETCH)]
    factors = np.array([int.from_bytes(d[:8], "big") | 1 for d in digests], dtype=np.uint64)
    return factors, np.array([int.from_bytes(d[8:], "big") for d in digests], dtype=np.uint64)


def _sketch(found: frozenset[tuple[str, ...]]) -> tuple[int, ...]:
    """MinHash: for each hash function the smallest value over all shingles, upper half."""
    if not found:
        return ()
    hashed = np.array(
        [int.from_bytes(hashlib.blake2b(" ".join(s).encode(), digest_size=8).digest(), "big") for s in found],
        dtype=np.uint64,
    )
    factors, summands = _multipliers()
    # Overflow is intended: arithmetic modulo 2**64.
    smallest = [(hashed * factor + summand).min() for factor, summand in zip(factors, summands, strict=True)]
    return tuple(int(value) >> 32 for value in smallest)
