"""Articles annotated by hand, and their comparison with the claims that the grammar finds. Format: ``README.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.news.claims import Claim, find_claims
from ingestion.news.claims.vocabulary import load_vocabulary
from ingestion.vietnamese.periods import Period

HERE = Path(__file__).parent
#: What makes two claims the same: the figure and what it is of; then also where and when.
WHAT = ("metric", "value", "org_type", "status")
WHERE_AND_WHEN = (*WHAT, "sector", "geography", "geography_basis", "period_start", "period_end", "as_of")
KEYS = frozenset(
    {"quote", "metric", "value", "value_max", "denominator", "unit", "qualifier", "status", "accumulation"}
    | {"org_type", "sector", "geography", "geography_basis", "period", "as_of", "derived"}
)


class AnnotationError(ValueError):
    """An annotation that contradicts the format; names the file and the claim."""


@dataclass(frozen=True)
class Annotated:
    """One article: its file's name, its style, its text, and what a careful reader finds in it."""

    name: str
    style: str
    published: date | None
    text: str
    claims: tuple[dict[str, Any], ...]

    def read(self) -> list[Claim]:
        """What the grammar finds."""
        return find_claims(self.text, published_on=self.published, source=self.name)


@cache
def articles(folder: str) -> tuple[Annotated, ...]:
    """The articles of ``development`` or ``held_out``, by name. Raises :class:`AnnotationError`."""
    return tuple(_article(path) for path in sorted((HERE / folder).glob("*.yml")))


def _article(path: Path) -> Annotated:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    text = content["text"].strip("\n")
    return Annotated(
        path.stem, content["style"], content["published"], text, tuple(_claim(path, text, c) for c in content["claims"])
    )


def _claim(path: Path, text: str, stated: dict[str, Any]) -> dict[str, Any]:
    where = f"{path.name}: {stated}"
    metric = load_vocabulary().metrics.get(stated["metric"])
    if metric is None or set(stated) - KEYS:
        raise AnnotationError(f"{where}: unknown metric or key")
    if not stated.get("derived") and stated["quote"] not in text:
        raise AnnotationError(f"{where}: the quote is not in the text")
    start, end = _span(stated.get("period"))
    return {
        "metric": metric.code,
        "value": _number(stated["value"]),
        "value_max": _number(stated.get("value_max")),
        "denominator": _number(stated.get("denominator")),
        "unit": stated.get("unit") or metric.unit,
        "qualifier": stated.get("qualifier", "exact"),
        "status": stated.get("status", "actual"),
        "accumulation": stated.get("accumulation") or metric.accumulation,
        "org_type": stated.get("org_type"),
        "sector": stated.get("sector"),
        "geography": stated.get("geography"),
        "geography_basis": stated.get("geography_basis"),
        "period_start": start,
        "period_end": end,
        "as_of": stated.get("as_of"),
        "derived": stated.get("derived", False),
        "quote": stated["quote"],
    }


def _number(stated: Any) -> Decimal | None:
    return None if stated is None else Decimal(str(stated))


def _span(code: Any) -> tuple[date | None, date | None]:
    if code is None:
        return None, None
    text = str(code)
    if ".." in text:
        first, last = (date.fromisoformat(part.strip()) for part in text.split(".."))
        return first, last
    if "-M" in text:
        year, months = text.split("-M")
        return date(int(year), 1, 1), Period(f"{year}-{int(months):02d}").end
    period = Period(text)
    return period.start, period.end


@dataclass
class Score:
    """Counts of claims found and stated, found and not stated, stated and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of the claims found, the part that is stated."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the claims stated, the part that is found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def scores(folder: str, keys: tuple[str, ...]) -> dict[str, Score]:
    """Scores by metric, and of all under ``"all"``; claims are the same if equal in ``keys``."""
    by_metric: dict[str, Score] = {}
    for article in articles(folder):
        for kind, claim in differences(article, keys):
            for name in (claim["metric"], "all"):
                score = by_metric.setdefault(name, Score())
                setattr(score, kind, getattr(score, kind) + 1)
    return by_metric


def differences(article: Annotated, keys: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each claim with ``right``, ``wrong`` or ``missed``."""
    found = [{key: getattr(c, key) for key in (*WHERE_AND_WHEN, "quote", "rule")} for c in article.read()]
    stated = Counter(tuple(claim[key] for key in keys) for claim in article.claims)
    for claim in found:
        identity = tuple(claim[key] for key in keys)
        yield ("right" if stated[identity] > 0 else "wrong"), claim
        stated[identity] -= 1
    for claim in article.claims:
        identity = tuple(claim[key] for key in keys)
        if stated[identity] > 0:
            stated[identity] -= 1
            yield "missed", claim
