"""Reading archived pages: the articles, claims, tables, tasks, documents and lists of new pages.

Reads the archive and the record of fetches only, never the network and never the clock, so that the same archive
gives the same rows. A page that cannot be read is an artifact with outcome ``rejected`` and its reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pyarrow as pa

from ingestion.archive import Archive, DamagedArchiveError
from ingestion.fingerprints import fingerprint_of
from ingestion.guarded import ReaderKilledError, ReaderUnavailableError, page_reader
from ingestion.news.article import Article, ArticleError, extract_article
from ingestion.news.claims import Claim, find_claims
from ingestion.news.copies import original_link, print_of
from ingestion.news.documents import Citation, find_citations
from ingestion.news.lists import StatedList, find_lists
from ingestion.news.publishers import is_off_topic
from ingestion.news.tables import ArticleTable, article_tables
from ingestion.news.tasks import PlanTask, plan_tasks
from ingestion.page import decode_page, parse_page
from ingestion.raw_schema import (
    ARTIFACTS,
    NEWS_ARTICLE,
    NEWS_CLAIM,
    NEWS_DOCUMENT,
    NEWS_LIST,
    NEWS_TABLE_ROW,
    NEWS_TASK,
    fetch_purpose,
)
from ingestion.raw_zone import RawZone
from ingestion.vietnamese.clock import utc_time
from ingestion.vietnamese.personal import masked

_OFF_TOPIC = "neither title nor lead is about cooperatives; of newspapers other articles are not read"

Progress = Callable[[str, int, int], None]

#: Pages of one batch: at most this many are read again after a killed run.
BATCH = 500


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
    """Append ``news_*`` and ``_artifacts`` rows for pages not read by the present grammar.

    One article row and any number of other rows per page; ``rows_read`` of a page counts those other rows: claims,
    rows of tables, tasks, citations of documents, lists.
    """
    fingerprint = f"page-{fingerprint_of(__name__)}"
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
                "news_table_row": pa.Table.from_pylist(batch.table_rows, schema=NEWS_TABLE_ROW),
                "news_task": pa.Table.from_pylist(batch.tasks, schema=NEWS_TASK),
                "news_document": pa.Table.from_pylist(batch.documents, schema=NEWS_DOCUMENT),
                "news_list": pa.Table.from_pylist(batch.lists, schema=NEWS_LIST),
            },
            pa.Table.from_pylist(batch.artifacts, schema=ARTIFACTS),
        )
        articles += len(batch.articles)
        claims += len(batch.claims)
        rejected += batch.rejected
    return ReadingOutcome(articles, claims, tuple(rejected))


def _pages(raw_zone: RawZone) -> Sequence[_Page]:
    """Every archived article page once, by its earliest fetch, in the order of their hashes."""
    pages: dict[str, _Page] = {}
    rows = raw_zone.read("_fetches").to_pylist()
    for row in sorted(rows, key=lambda row: (row["requested_at"], row["url"], row["fetch_id"])):
        sha256 = row["artifact_sha256"]
        if sha256 is None or sha256 in pages or fetch_purpose(row) != "article":
            continue
        pages[sha256] = _Page(
            sha256, row["url"], row["portal"], row["media_type"], row["size_bytes"] or 0, row["requested_at"]
        )
    return [pages[sha256] for sha256 in sorted(pages)]


@dataclass(frozen=True)
class _Contents:
    """What stands on a page. Of an article that is off topic nothing else is read."""

    article: Article
    is_off_topic: bool = False
    original_url: str | None = None
    claims: Sequence[Claim] = ()
    tables: Sequence[ArticleTable] = ()
    tasks: Sequence[PlanTask] = ()
    documents: Sequence[Citation] = ()
    lists: Sequence[StatedList] = ()


def _contents(archive: Archive, page: _Page) -> _Contents:
    """Runs in a guarded process."""
    data = archive.open(page.sha256)
    article = extract_article(data, page.url, page.media_type)
    if is_off_topic(article, page.url):
        return _Contents(article, is_off_topic=True)
    tree = parse_page(decode_page(data, page.media_type))
    tables = article_tables(tree, article.body)
    return _Contents(
        article,
        original_url=original_link(tree),
        claims=tuple(find_claims(article, url=page.url, source=page.url)),
        tables=tables,
        tasks=tuple(plan_tasks(tables)),
        documents=tuple(find_citations(article.text, article.published_at.date() if article.published_at else None)),
        lists=tuple(find_lists(article.text)),
    )


class _Batch:
    """Rows of one batch."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.articles: list[dict[str, object]] = []
        self.claims: list[dict[str, object]] = []
        self.table_rows: list[dict[str, object]] = []
        self.tasks: list[dict[str, object]] = []
        self.documents: list[dict[str, object]] = []
        self.lists: list[dict[str, object]] = []
        self.artifacts: list[dict[str, object]] = []
        self.rejected: list[tuple[str, str]] = []

    def read(self, page: _Page, reading: int, archive: Archive) -> None:
        try:
            contents = page_reader().call(_contents, archive, page)
        except ReaderUnavailableError:
            raise
        except ReaderKilledError:
            self._reject(page, reading, f"{page.url}: reading it took too much memory or time, or crashed the parser")
            return
        except (DamagedArchiveError, FileNotFoundError) as error:
            # Nothing is recorded of the page: it is read again once its bytes are restored.
            self.rejected.append((page.url, str(error)))
            return
        except ArticleError as error:
            self._reject(page, reading, str(error))
            return
        except Exception as error:  # noqa: BLE001 - one unreadable page must not stop the others; its reason is recorded
            self._reject(page, reading, f"{page.url}: could not be read ({type(error).__name__}: {error})")
            return
        article = contents.article
        if contents.is_off_topic:
            # No fault of the page: nobody has to look at it.
            self._artifact(page, reading, "rejected", f"{page.url}: {_OFF_TOPIC}", article.published_at, 0)
            return
        self.articles.append(_article_row(page, reading, article, contents.original_url))
        rows = [
            [_claim_row(page, reading, article, claim, number) for number, claim in enumerate(contents.claims)],
            [row for table in contents.tables for row in _table_rows(page, reading, table)],
            [_task_row(page, reading, task) for task in contents.tasks],
            [_document_row(page, reading, citation) for citation in contents.documents],
            [_list_row(page, reading, stated) for stated in contents.lists],
        ]
        for kept, found in zip(
            (self.claims, self.table_rows, self.tasks, self.documents, self.lists), rows, strict=True
        ):
            kept.extend(found)
        self._artifact(page, reading, "accepted", None, article.published_at, sum(map(len, rows)))

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
                "received_at": utc_time(published_at) if published_at else page.requested_at,
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


def _masked(text: str | None) -> str | None:
    """Positions of claims in the text stay true."""
    return text and masked(text, keep_length=True)


def _article_row(page: _Page, reading: int, article: Article, original_url: str | None) -> dict[str, object]:
    text_print = print_of(article.body)
    return {
        "artifact_sha256": page.sha256,
        "reading": reading,
        "url": page.url,
        "canonical_url": article.canonical_url,
        "portal": page.portal,
        "title": _masked(article.title),
        "lead": _masked(article.lead),
        "body": _masked(article.body),
        "byline": article.byline,
        "source_line": article.source_line,
        "published_at": article.published_at,
        "published_on": article.published_at.date() if article.published_at else None,
        "original_url": original_url,
        "text_sha256": text_print.sha256,
        "word_count": text_print.word_count,
        "shingle_count": text_print.shingle_count,
        "sketch": list(text_print.sketch),
    }


def _table_rows(page: _Page, reading: int, table: ArticleTable) -> list[dict[str, object]]:
    return [
        {
            "artifact_sha256": page.sha256,
            "reading": reading,
            "table_number": table.number,
            "row_number": row.number,
            "is_header": row.is_header,
            "cells": _json(row.cells),
        }
        for row in table.rows
    ]


def _task_row(page: _Page, reading: int, task: PlanTask) -> dict[str, object]:
    return {
        "task_id": _id(page.sha256, "task", task.position),
        "artifact_sha256": page.sha256,
        "reading": reading,
        "position": task.position,
        "table_number": task.table_number,
        "row_number": task.row_number,
        "label": task.label,
        "section": task.section,
        "section_title": task.section_title,
        "number": task.number,
        "content": task.content,
        "lead": task.lead,
        "co_units": task.co_units,
        "window_text": task.window_text,
        "window_start_year": task.window.start_year,
        "window_end_year": task.window.end_year,
        "recurrence": task.window.recurrence,
        "shifted_by": task.shifted_by,
        "is_section": task.is_section,
        "similar_to": _json(task.similar_to),
    }


def _document_row(page: _Page, reading: int, citation: Citation) -> dict[str, object]:
    return {
        "citation_id": _id(page.sha256, "document", citation.start),
        "artifact_sha256": page.sha256,
        "reading": reading,
        "kind": citation.kind,
        "kind_text": citation.kind_text,
        "number": citation.number,
        "year": citation.year,
        "symbol": citation.symbol,
        "symbol_written": citation.symbol_written,
        "issuer": citation.issuer,
        "issuer_text": citation.issuer_text,
        "cited_on": citation.cited_on,
        "date_text": citation.date_text,
        "title": citation.title,
        "is_own": citation.is_own,
        "quote": _masked(citation.quote),
        "start": citation.start,
        "end": citation.end,
    }


def _list_row(page: _Page, reading: int, stated: StatedList) -> dict[str, object]:
    return {
        "list_key": _id(page.sha256, "list", stated.start),
        "artifact_sha256": page.sha256,
        "reading": reading,
        "stated_count": stated.stated_count,
        "noun": stated.noun,
        "item_count": len(stated.items),
        "items": _json(stated.items),
        "is_unended": stated.is_unended,
        "quote": _masked(stated.quote),
        "start": stated.start,
        "end": stated.end,
    }


def _id(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]


def _json(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


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
        "quote": _masked(claim.quote),
        "start": claim.start,
        "end": claim.end,
        "derived": claim.derived,
        "rule": claim.rule,
        "sentence_number": claim.sentence_number,
        "list_id": claim.list_id,
        "trail": "; ".join(claim.trail),
    }
