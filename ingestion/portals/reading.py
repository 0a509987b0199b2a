"""Reading archived pages: article and claims of each page that the present grammar has not read yet.

Reads the archive and the record of fetches only, never the network and never the clock, so that the same archive
gives the same rows. A page that cannot be read is an artifact with outcome ``rejected`` and its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from ingestion.archive import Archive
from ingestion.portals.article import Article, ArticleError, extract_article
from ingestion.portals.claims import Claim, find_claims, grammar_fingerprint
from ingestion.portals.collect import LISTING
from ingestion.raw_schema import ARTIFACTS, NEWS_ARTICLE, NEWS_CLAIM
from ingestion.raw_zone import RawZone

Progress = Callable[[str, int, int], None]

#: Pages of one batch: a killed run reads at most so many again.
BATCH = 500
#: Count up when the extraction of articles changes.
ARTICLE_VERSION = "1"

#: Pages print the time of Vietnam, without zone; the raw zone keeps UTC.
VIETNAM_OFFSET = timedelta(hours=7)


@dataclass(frozen=True)
class ReadingOutcome:
    """Articles and claims read in this call, and pages that held no article (name, reason)."""

    articles: int
    claims: int
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Page:
    sha256: str
    url: str
    portal: str
    media_type: str | None
    size_bytes: int
    requested_at: datetime


def read_pages(*, archive: Archive, raw_zone: RawZone, progress: Progress | None = None) -> ReadingOutcome:
    """Append ``news_article``, ``news_claim`` and ``_artifacts`` rows for pages not read by the present grammar.

    One article row and any number of claim rows per page; ``rows_read`` of a page counts its claims.
    """
    fingerprint = page_fingerprint()
    known = raw_zone.readings()
    waiting = [
        page for page in _pages(raw_zone) if page.sha256 not in known or known[page.sha256].fingerprint != fingerprint
    ]
    articles = claims = 0
    rejected: list[tuple[str, str]] = []
    for first in range(0, len(waiting), BATCH):
        batch = _Batch(fingerprint)
        for offset, page in enumerate(waiting[first : first + BATCH], start=1):
            reading = known[page.sha256].reading + 1 if page.sha256 in known else 1
            batch.read(page, reading, archive)
            if progress:
                progress("Articles", first + offset, len(waiting))
        raw_zone.append(
            {
                "news_article": pa.Table.from_pylist(batch.articles, schema=NEWS_ARTICLE),
                "news_claim": pa.Table.from_pylist(batch.claims, schema=NEWS_CLAIM),
            },
            pa.Table.from_pylist(batch.artifacts, schema=ARTIFACTS),
        )
        articles += len(batch.articles)
        claims += len(batch.claims)
        rejected += batch.rejected
    return ReadingOutcome(articles, claims, tuple(rejected))


def page_fingerprint() -> str:
    """Hash of everything a page's rows depend on besides its bytes."""
    return f"page-{ARTICLE_VERSION}-{grammar_fingerprint()}"


def _pages(raw_zone: RawZone) -> Sequence[_Page]:
    """Every archived article page once, by its earliest fetch, in the order of their hashes."""
    pages: dict[str, _Page] = {}
    rows = raw_zone.read("_fetches").to_pylist()
    for row in sorted(rows, key=lambda row: (row["requested_at"], row["url"], row["fetch_id"])):
        sha256 = row["artifact_sha256"]
        is_article = row["purpose"] in {None, "article"} and not (row["detail"] or "").startswith(LISTING)
        if sha256 is None or sha256 in pages or not is_article:
            continue
        pages[sha256] = _Page(
            sha256, row["url"], row["portal"], row["media_type"], row["size_bytes"] or 0, row["requested_at"]
        )
    return [pages[sha256] for sha256 in sorted(pages)]


class _Batch:
    """Rows of one batch."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.articles: list[dict[str, object]] = []
        self.claims: list[dict[str, object]] = []
        self.artifacts: list[dict[str, object]] = []
        self.rejected: list[tuple[str, str]] = []

    def read(self, page: _Page, reading: int, archive: Archive) -> None:
        try:
            article = extract_article(archive.open(page.sha256), page.url, page.media_type)
            claims = find_claims(article, url=page.url, source=page.url)
        except ArticleError as error:
            self._reject(page, reading, str(error))
            return
        except Exception as error:  # noqa: BLE001 - one unreadable page must not stop the others; its reason is recorded
            self._reject(page, reading, f"{page.url}: could not be read ({type(error).__name__}: {error})")
            return
        self.articles.append(_article_row(page, reading, article))
        self.claims += [_claim_row(page, reading, article, claim, number) for number, claim in enumerate(claims)]
        self._artifact(page, reading, "accepted", None, article.published_at, len(claims))

    def _reject(self, page: _Page, reading: int, reason: str) -> None:
        self.rejected.append((page.url, reason))
        self._artifact(page, reading, "rejected", reason, None, 0)

    def _artifact(
        self, page: _Page, reading: int, outcome: str, reason: str | None, published_at: datetime | None, rows: int
    ) -> None:
        self.artifacts.append(
            {
                "artifact_sha256": page.sha256,
                "kind": "page",
                "name": page.url,
                "media_type": page.media_type,
                "size_bytes": page.size_bytes,
                # Contents of marts must not depend on when we fetched; the fetch time is the last resort.
                "received_at": published_at - VIETNAM_OFFSET if published_at else page.requested_at,
                "outcome": outcome,
                "reason": reason,
                "reading": reading,
                "reader_fingerprint": self.fingerprint,
                "rows_read": rows,
                "rows_loaded": rows,
                "rows_rejected": 0,
                "rows_duplicate": 0,
            }
        )


def _stored(value: Decimal | None) -> Decimal | None:
    """``value`` with the six decimals of the raw zone."""
    return None if value is None else value.quantize(Decimal("0.000001"))


def _article_row(page: _Page, reading: int, article: Article) -> dict[str, object]:
    return {
        "artifact_sha256": page.sha256,
        "reading": reading,
        "url": page.url,
        "canonical_url": article.canonical_url,
        "portal": page.portal,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "byline": article.byline,
        "source_line": article.source_line,
        "published_at": article.published_at,
        "published_on": article.published_at.date() if article.published_at else None,
    }


def _claim_row(page: _Page, reading: int, article: Article, claim: Claim, number: int) -> dict[str, object]:
    identity = f"{page.sha256}|{claim.metric}|{claim.start}|{claim.end}|{number}"
    return {
        "claim_id": hashlib.sha256(identity.encode()).hexdigest()[:24],
        "artifact_sha256": page.sha256,
        "reading": reading,
        "url": page.url,
        "portal": page.portal,
        "published_on": article.published_at.date() if article.published_at else None,
        "metric": claim.metric,
        "value": _stored(claim.value),
        "value_max": _stored(claim.value_max),
        "denominator": _stored(claim.denominator),
        "unit": claim.unit,
        "qualifier": claim.qualifier,
        "status": claim.status,
        "accumulation": claim.accumulation,
        "org_type": claim.org_type,
        "sector": claim.sector,
        "geography": claim.geography,
        "geography_basis": claim.geography_basis,
        "period_start": claim.period_start,
        "period_end": claim.period_end,
        "as_of": claim.as_of,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "derived": claim.derived,
        "rule": claim.rule,
        "sentence_number": claim.sentence_number,
        "list_id": claim.list_id,
    }
