"""How many articles a second one core reads: their extraction from pages, and their claims."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from ingestion.news.article import extract_article
from ingestion.news.claims import find_claims
from tests.claims.annotated import articles

ROUNDS = 3
_ARTICLE = re.compile(r"-a\d+\.html$")


def rates(portal: Path) -> list[str]:
    """Lines that say the rates, on the pages of a sample portal and on the annotated articles (process time)."""
    pages = [path.read_bytes() for path in sorted(portal.rglob("*.html")) if _ARTICLE.search(path.name)][:500]
    texts = [article for folder in ("development", "held_out") for article in articles(folder)]
    extracted = _per_second(lambda: [extract_article(page, "https://portal.example/bai.html") for page in pages])
    read = _per_second(lambda: [article.read() for article in texts])
    found = [extract_article(page, "https://portal.example/bai.html") for page in pages]
    both = _per_second(lambda: [find_claims(article) for article in found])
    length = sum(len(article.text) for article in texts) // max(len(texts), 1)
    return [
        f"articles extracted from pages: {len(pages) * extracted:,.0f} a second",
        f"claims of the sample's articles: {len(found) * both:,.0f} texts a second",
        f"claims of {len(texts)} annotated ones ({length} characters each): {len(texts) * read:,.0f} texts a second",
    ]


def _per_second(run: Callable[[], object]) -> float:
    run()
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return 1 / best
