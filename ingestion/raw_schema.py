"""Schemas of the tables of the raw zone other than form rows.

Form tables get their columns from the form definitions (:mod:`ingestion.forms.definition`). dbt reads all of it as
schema ``raw``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

_TEXT, _DAY, _TIME = pa.string(), pa.date32(), pa.timestamp("us")
_COUNTS = [pa.field(f"rows_{kind}", pa.int64()) for kind in ("read", "loaded", "rejected", "duplicate")]
_READING = [pa.field("reading", pa.int32()), pa.field("batch_id", _TEXT)]


def _texts(*names: str) -> list[pa.Field]:
    return [pa.field(name, _TEXT) for name in names]


#: Commit record: a batch counts once its rows are here.
ARTIFACTS = pa.schema(
    [
        *_texts("artifact_sha256", "kind", "name", "media_type"),
        pa.field("size_bytes", pa.int64()),
        pa.field("received_at", _TIME),
        *_texts("submitter", "submitter_name", "period"),
        pa.field("revision", pa.int32()),
        pa.field("approved_on", _DAY),
        *_texts("template_version", "outcome", "reason"),
        pa.field("reading", pa.int32()),
        *_texts("reader_fingerprint", "batch_id"),
        *_COUNTS,
    ]
)

SHEETS = pa.schema(
    [
        *_texts("artifact_sha256"),
        *_READING,
        *_texts("sheet", "form", "form_version", "outcome", "reason", "content_sha256"),
        pa.field("header_row", pa.int32()),
        *_COUNTS,
    ]
)

#: Quarantine: what was rejected, where, what was found and what was expected.
REJECTS = pa.schema(
    [
        *_texts("artifact_sha256"),
        *_READING,
        *_texts("sheet", "cell"),
        pa.field("row_number", pa.int32()),
        *_texts("form", "column_name", "level", "found", "expected", "message_vi", "remedy_vi"),
    ]
)

#: Central corrections of an artifact, and the outcome of each.
CORRECTIONS = pa.schema(
    [
        *_texts("artifact_sha256"),
        *_READING,
        *_texts("sheet", "cell", "stated", "corrected", "outcome", "reason", "source"),
        pa.field("until", _DAY),
    ]
)

#: Every address of a portal that was requested, or found and not requested. ``snapshot`` counts the different contents
#: that an address has had (1, 2, ...): the highest one is its present content.
FETCHES = pa.schema(
    [
        *_texts("fetch_id", "url", "portal", "purpose"),
        pa.field("requested_at", _TIME),
        pa.field("attempts", pa.int32()),
        pa.field("status", pa.int32()),
        *_texts("outcome", "artifact_sha256"),
        pa.field("snapshot", pa.int32()),
        pa.field("size_bytes", pa.int64()),
        *_texts("media_type", "response", "detail", "batch_id"),
    ]
)

#: ``detail`` of a listing's row in ``_fetches`` begins with this: the only mark of a listing in rows without purpose.
LISTING = "listing"


def fetch_purpose(row: Mapping[str, Any]) -> str:
    """Purpose of a request: article, listing, feed, sitemap or robots; the oldest rows do not state it."""
    return str(row["purpose"] or (LISTING if (row["detail"] or "").startswith(LISTING) else "article"))


#: Validators in the last response of an address, for conditional requests; the latest row counts.
VALIDITY = pa.schema(
    [
        *_texts("url", "portal", "artifact_sha256", "etag", "last_modified"),
        pa.field("status", pa.int32()),
        pa.field("checked_at", _TIME),
        *_texts("batch_id"),
    ]
)

#: Retry-After of hosts and the moment it ends; the latest row of a host counts.
HOST_WAITS = pa.schema(
    [
        *_texts("host", "portal"),
        pa.field("noted_at", _TIME),
        pa.field("wait_until", _TIME),
        *_texts("reason", "batch_id"),
    ]
)

NEWS_ARTICLE = pa.schema(
    [
        *_texts("artifact_sha256"),
        *_READING,
        *_texts("url", "canonical_url", "portal", "title", "lead", "body", "byline", "source_line"),
        pa.field("published_at", _TIME),
        pa.field("published_on", _DAY),
        *_texts("original_url", "text_sha256"),
        pa.field("word_count", pa.int32()),
        pa.field("shingle_count", pa.int32()),
        pa.field("sketch", pa.list_(pa.int64())),
    ]
)

#: Rows of the data tables inside articles; ``cells`` is a JSON list of texts.
NEWS_TABLE_ROW = pa.schema(
    [
        *_texts("artifact_sha256"),
        *_READING,
        pa.field("table_number", pa.int32()),
        pa.field("row_number", pa.int32()),
        pa.field("is_header", pa.bool_()),
        *_texts("cells"),
    ]
)

#: Tasks of plans, read from such tables; nothing is filled in. ``similar_to`` is a JSON list of labels.
NEWS_TASK = pa.schema(
    [
        *_texts("task_id", "artifact_sha256"),
        *_READING,
        *[pa.field(name, pa.int32()) for name in ("position", "table_number", "row_number")],
        *_texts("label", "section", "section_title"),
        pa.field("number", pa.int32()),
        *_texts("content", "lead", "co_units", "window_text"),
        *[pa.field(name, pa.int32()) for name in ("window_start_year", "window_end_year")],
        *_texts("recurrence"),
        pa.field("shifted_by", pa.int32()),
        pa.field("is_section", pa.bool_()),
        *_texts("similar_to"),
    ]
)

#: Places where articles cite official documents.
NEWS_DOCUMENT = pa.schema(
    [
        *_texts("citation_id", "artifact_sha256"),
        *_READING,
        *_texts("kind", "kind_text", "number"),
        pa.field("year", pa.int32()),
        *_texts("symbol", "symbol_written", "issuer", "issuer_text"),
        pa.field("cited_on", _DAY),
        *_texts("date_text", "title"),
        pa.field("is_own", pa.bool_()),
        *_texts("quote"),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
    ]
)

#: Lists that state how many items they have; ``items`` is a JSON list of texts.
NEWS_LIST = pa.schema(
    [
        *_texts("list_key", "artifact_sha256"),
        *_READING,
        pa.field("stated_count", pa.int32()),
        *_texts("noun"),
        pa.field("item_count", pa.int32()),
        *_texts("items"),
        pa.field("is_unended", pa.bool_()),
        *_texts("quote"),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
    ]
)

_VALUE = pa.decimal128(28, 6)
NEWS_CLAIM = pa.schema(
    [
        *_texts("claim_id", "artifact_sha256"),
        *_READING,
        *_texts("url", "portal"),
        pa.field("published_on", _DAY),
        *_texts("metric"),
        *[pa.field(name, _VALUE) for name in ("value", "value_max", "denominator")],
        *_texts(
            "unit",
            "qualifier",
            "status",
            "accumulation",
            "org_type",
            "sector",
            "geography",
            "geography_basis",
        ),
        *[pa.field(name, _DAY) for name in ("period_start", "period_end", "as_of")],
        *_texts("quote"),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("derived", pa.bool_()),
        *_texts("rule"),
        pa.field("sentence_number", pa.int32()),
        *_texts("list_id", "trail"),
    ]
)

#: Every file seen in an inbox, before it was read: envelope of an artifact.
RECEIVED = pa.schema(
    [
        *_texts("artifact_sha256", "name"),
        pa.field("size_bytes", pa.int64()),
        pa.field("received_at", _TIME),
        *_texts("period", "outcome", "detail", "batch_id"),
    ]
)

#: Folder in the raw zone -> schema, for everything but form rows.
META_TABLES: dict[str, pa.Schema] = {
    "_artifacts": ARTIFACTS,
    "_sheets": SHEETS,
    "_rejects": REJECTS,
    "_corrections": CORRECTIONS,
    "_fetches": FETCHES,
    "_validity": VALIDITY,
    "_host_waits": HOST_WAITS,
    "_received": RECEIVED,
    "news_article": NEWS_ARTICLE,
    "news_claim": NEWS_CLAIM,
    "news_table_row": NEWS_TABLE_ROW,
    "news_task": NEWS_TASK,
    "news_document": NEWS_DOCUMENT,
    "news_list": NEWS_LIST,
}
