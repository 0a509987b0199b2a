"""Synthetic portals, read and built by dbt: shared by the tests of copies, documents, tasks and rules of news.

Pages are HTML and go through the reader; only the claims are stated by the test, so that what is tested here does not
depend on the grammar.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.registry import export_rules
from ingestion.archive import Archive
from ingestion.news import reading
from ingestion.news.article import Article
from ingestion.news.claims.claim import Claim
from ingestion.raw_schema import FETCHES
from ingestion.raw_zone import RawZone
from tests.builds import Inline
from warehouse.layout import DBT_PROJECT_DIR, Layout

FETCHED = datetime(2022, 1, 10, 3)
_MONEY = {"charter_capital", "charter_capital_avg", "fund_charter_capital"}
_PERCENT = {
    "share",
    "tasks_done_share",
    "plan_attainment",
    "plan_excess",
    "stock_growth",
    "members_growth",
    "share_effective",
    "share_average",
    "share_weak",
}
_STOCKS = ("stock", "members", "charter", "workers", "share_")


def said(metric: str, value: str | int, quote: str, **more: Any) -> dict[str, Any]:
    """A claim of ``quote``: an actual of cooperatives of the whole country unless ``more`` says otherwise.

    Days may be written as texts (``"2021-11-30"``); a quote that stands twice is the first, or ``nth`` (from 1).
    """
    unit = "VND" if metric in _MONEY else "percent" if metric in _PERCENT else "count"
    is_stock = metric.startswith(_STOCKS) and not metric.endswith(("_change", "_growth"))
    claim: dict[str, Any] = {
        "metric": metric,
        "value": Decimal(value),
        "value_max": None,
        "denominator": None,
        "unit": "person" if metric.startswith("members") and unit == "count" else unit,
        "qualifier": "exact",
        "status": "actual",
        "accumulation": "stock" if is_stock else "period",
        "org_type": "HTX",
        "sector": None,
        "geography": "Việt Nam",
        "geography_basis": None,
        "period_start": None,
        "period_end": None,
        "as_of": None,
        "quote": quote,
        "derived": False,
        "rule": "test",
        "list_id": None,
        "nth": 1,
    }
    claim |= more
    for name in ("period_start", "period_end", "as_of"):
        if isinstance(claim[name], str):
            claim[name] = date.fromisoformat(claim[name])
    for name in ("value_max", "denominator"):
        if claim[name] is not None:
            claim[name] = Decimal(claim[name])
    return claim


@dataclass(frozen=True)
class Page:
    """One page at one address: each paragraph is a sentence of its own. ``extra`` is HTML put behind the paragraphs."""

    url: str
    published: str | None
    title: str
    paragraphs: Sequence[str]
    claims: Sequence[dict[str, Any]] = ()
    canonical: str | None = None
    extra: str = ""
    fetched: datetime = FETCHED

    @property
    def html(self) -> bytes:
        """The page as a portal would send it."""
        stamp = f'<time datetime="{self.published}T08:00:00+07:00">ngày đăng</time>' if self.published else ""
        link = f'<link rel="canonical" href="{self.canonical}">' if self.canonical else ""
        body = "".join(f"<p>{html.escape(text)}</p>" for text in self.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Cổng</title>{link}</head><body>'
            f"<article><h1>{html.escape(self.title)}</h1>{stamp}{body}{self.extra}</article></body></html>"
        ).encode()


def build(home: Path, pages: Sequence[Page]) -> duckdb.DuckDBPyConnection:
    """Read ``pages`` with the claims they state, run dbt without unit tests and audited models.

    Returns the build, read-only. Raises AssertionError with dbt's last words if it fails.
    """
    with _claims_of(pages):
        return build_bytes(home, [(page.url, page.html, page.fetched) for page in pages])


def build_bytes(home: Path, pages: Sequence[tuple[str, bytes, datetime]]) -> duckdb.DuckDBPyConnection:
    """The same of pages as they are: (address, bytes, time of the fetch), with the claims the grammar finds."""
    layout = Layout(home)
    layout.prepare()
    archive, raw_zone = Archive(layout.archive), RawZone(layout.raw)
    rows = [
        {
            "fetch_id": f"{number:04d}",
            "url": url,
            "portal": "test",
            "requested_at": fetched,
            "status": 200,
            "outcome": "archived",
            "artifact_sha256": archive.put(data),
            "size_bytes": len(data),
            "media_type": "text/html; charset=utf-8",
        }
        for number, (url, data, fetched) in enumerate(pages)
    ]
    raw_zone.append_log("_fetches", pa.Table.from_pylist(rows, schema=FETCHES))
    outcome = reading.read_pages(archive=archive, raw_zone=raw_zone)
    assert not outcome.rejected, outcome.rejected
    export_rules(layout)
    dbt(home, "build", "--exclude", "tag:audited", "test_type:unit")
    return duckdb.connect(str(layout.database), read_only=True)


def dbt(home: Path, *arguments: str) -> None:
    """Run dbt on ``home``, with its target and logs beside it. Raises AssertionError if it fails."""
    environment = os.environ | {
        "HTX_HOME": str(home),
        "DBT_TARGET_PATH": str(home.parent / f"{home.name}-target"),
        "DBT_LOG_PATH": str(home.parent / f"{home.name}-logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments]
    done = subprocess.run(
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout[-6000:]


@contextmanager
def _claims_of(pages: Sequence[Page]) -> Iterator[None]:
    """For a while the reader finds the claims that the pages state."""

    def find(article: Article, *, url: str, source: str) -> list[Claim]:
        for page in pages:
            if page.url == url and all(claim["quote"] in article.text for claim in page.claims):
                return [_placed(claim, article.text, source) for claim in page.claims]
        raise AssertionError(f"no page of the test reads as {url}: {article.text}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "find_claims", find)
        # A process of its own would find what the grammar finds.
        patch.setattr(reading, "page_reader", Inline)
        yield


def _placed(claim: dict[str, Any], text: str, source: str) -> Claim:
    quote, start = claim["quote"], -1
    for _ in range(claim["nth"]):
        start = text.find(quote, start + 1)
    assert start >= 0, f"{quote!r} does not stand in the page ({claim['nth']} times)"
    more = {key: value for key, value in claim.items() if key != "nth"}
    return Claim(
        source=source,
        start=start,
        end=start + len(quote),
        sentence_number=text.count("\n", 0, start) + 1,
        **more,
    )


def later(days: int) -> datetime:
    """A fetch so many days after the first ones."""
    return FETCHED + timedelta(days=days)
