"""A world as rows of the raw zone, in the shape that the reader of workbooks and the grammar of claims write."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from ingestion.forms.definition import load_forms
from ingestion.raw_schema import ARTIFACTS, NEWS_CLAIM, SHEETS
from ingestion.raw_zone import RawZone
from ingestion.samples.world import MERGER, Claim, World
from warehouse.layout import Layout

FORMS = tuple(form.code for form in load_forms().values() if form.kind == "table")


def write_raw(world: World, layout: Layout) -> None:
    """The world as one batch of the raw zone."""
    forms = load_forms()
    tables: dict[str, list[dict[str, Any]]] = {forms[f].table: [] for f in FORMS}
    sheets: list[dict[str, Any]] = []
    artifacts: list[dict[str, Any]] = []
    for s in sorted(world.statements, key=lambda s: (s.place, s.revision, s.received_at)):
        name = f"{s.province_map}-{s.province}-{s.period}-L{s.revision}.xlsx"
        sha = hashlib.sha256(name.encode()).hexdigest()
        read = 0
        for code in FORMS:
            form, rows = forms[code], s.rows.get(code, [])
            if not rows:
                continue
            lineage = {
                "artifact_sha256": sha, "sheet": code, "form": code, "form_version": form.version,
                "submitter": s.province, "period": s.period, "revision": s.revision, "received_at": s.received_at,
                "reading": 1, "batch_id": "",
            }  # fmt: skip
            tables[form.table] += [
                lineage | {"row_id": f"{sha[:16]}:{code}:{n}", "row_number": n} | row for n, row in enumerate(rows, 12)
            ]
            content = hashlib.sha256("\n".join(sorted(repr(tuple(r.values())) for r in rows)).encode()).hexdigest()
            counts = {"rows_read": len(rows), "rows_loaded": len(rows), "rows_rejected": 0, "rows_duplicate": 0}
            sheets.append(
                {"artifact_sha256": sha, "reading": 1, "batch_id": "", "sheet": code, "form": code,
                 "outcome": "accepted", "content_sha256": content} | counts
            )  # fmt: skip
            read += len(rows)
        artifacts.append(_artifact(sha, "workbook", name, s.received_at, read, s.province, s.period, s.revision))
    claims = [_claim(claim, number) for number, claim in enumerate(world.claims)]
    for claim in claims:
        at = datetime.combine(claim["published_on"], datetime.min.time())
        artifacts.append(_artifact(claim["artifact_sha256"], "page", claim["url"], at, 1, None, None, None))
    raw = {name: pa.Table.from_pylist(rows, schema=_schema(name)) for name, rows in tables.items()}
    raw["_sheets"] = pa.Table.from_pylist(sheets, schema=SHEETS)
    raw["news_claim"] = pa.Table.from_pylist(claims, schema=NEWS_CLAIM)
    RawZone(layout.raw).append(raw, pa.Table.from_pylist(artifacts, schema=ARTIFACTS))


def _schema(table: str) -> pa.Schema:
    return next(form.raw_schema() for form in load_forms().values() if form.table == table)


def _artifact(
    sha: str, kind: str, name: str, at: datetime, rows: int, province: str | None, period: str | None, rev: int | None
) -> dict[str, Any]:
    return {
        "artifact_sha256": sha, "kind": kind, "name": name, "received_at": at, "submitter": province,
        "period": period, "revision": rev, "outcome": "accepted", "reading": 1, "reader_fingerprint": "score",
        "batch_id": "", "rows_read": rows, "rows_loaded": rows, "rows_rejected": 0, "rows_duplicate": 0,
    }  # fmt: skip


def _claim(claim: Claim, number: int) -> dict[str, Any]:
    url = f"http://localhost/bai-{number}.html"
    sha = hashlib.sha256(url.encode()).hexdigest()
    start, end = claim.period.start, claim.period.end
    if claim.accumulation == "ytd":
        start = start.replace(month=1)
    flow = claim.accumulation != "stock"
    text = f"{claim.value:f}".replace(".", ",")
    return {
        "claim_id": f"c{number:06d}", "artifact_sha256": sha, "reading": 1, "batch_id": "", "url": url,
        "published_on": end + timedelta(days=9), "metric": claim.metric, "value": claim.value,
        "unit": "percent" if claim.metric == "bad_debt_ratio" else "count", "qualifier": claim.qualifier,
        "status": "actual", "accumulation": claim.accumulation, "org_type": "HTX", "geography": claim.geography,
        "geography_basis": "from_2025_07" if end >= MERGER else "before_2025_07",
        "period_start": start if flow else None, "period_end": end if flow else None, "as_of": None if flow else end,
        "quote": f"{text} {'%' if claim.metric == 'bad_debt_ratio' else 'HTX'}", "start": 0, "end": len(text),
        "derived": False, "sentence_number": 1,
    }  # fmt: skip
