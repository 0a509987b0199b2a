"""Assets that bring bytes in: the inbox, the workbooks of each month, the portals' pages and their claims."""

from typing import Any

import dagster as dg
import pyarrow as pa

from ingestion.forms.definition import load_forms
from ingestion.news.reading import read_pages
from ingestion.portals.collect import collect_portals
from ingestion.portals.portals import enabled_portals
from ingestion.raw_schema import META_TABLES
from ingestion.submissions.intake import (
    UNKNOWN_MONTH,
    ReadingOutcome,
    pending,
    read_submissions,
)
from ingestion.submissions.receiving import receive
from ingestion.vietnamese.clock import VIETNAM
from orchestration import progress
from orchestration.defs.home import Home

#: Submissions are filed under the month their period ends in.
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2018-01", fmt="%Y-%m", end_offset=1, timezone=VIETNAM.key)


@dg.asset(group_name="ingestion", kinds={"python"}, pool="raw_zone")
def inbox_archive(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """Every file of the inbox, archived by hash before anything reads it, with its envelope.

    Files without a recognised month are read here, too: they belong to no partition.
    """
    with home.writing():
        outcome = receive(
            home.open_inbox(), home.archive, home.raw_zone, progress.report, receipts=home.layout.receipts
        )
        known = set(MONTHS.get_partition_keys(dynamic_partitions_store=context.instance))
        strays = [
            m for m in pending(home.raw_zone, home.settings.key, home.ledger) if m == UNKNOWN_MONTH or m not in known
        ]
        reading = read_submissions(
            strays,
            home.archive,
            home.raw_zone,
            key=home.settings.key,
            workers=home.settings.workers,
            receipts=home.layout.receipts,
            ledger=home.ledger,
        )
    for name, reason in outcome.refused:
        context.log.warning(f"{name} was not archived: {reason}")
    return dg.MaterializeResult(
        metadata={
            "new": outcome.new,
            "known": outcome.known,
            "sent twice": outcome.duplicate,
            "refused": dg.MetadataValue.json([list(item) for item in outcome.refused]),
            **_reading_metadata(reading),
        }
    )


@dg.asset(
    group_name="ingestion",
    kinds={"python", "parquet"},
    partitions_def=MONTHS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    deps=[inbox_archive],
    pool="raw_zone",
)
def submissions(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """Rows of the workbooks of the chosen months, read from the archive.

    A backfill reads files that the present forms have not read yet.
    """
    months = list(context.partition_keys)
    with home.writing():
        reading = read_submissions(
            months,
            home.archive,
            home.raw_zone,
            key=home.settings.key,
            workers=home.settings.workers,
            receipts=home.layout.receipts,
            ledger=home.ledger,
            progress=progress.report,
        )
    if reading.without_key:
        context.log.warning("HTX_PSEUDONYM_KEY is not set: sheets that identify persons are refused until it is.")
    return dg.MaterializeResult(
        metadata={
            **_reading_metadata(reading),
            "months": ", ".join(months[:24]),
            "preview": _preview(home, "bieu_01", ("submitter", "period", "org_type", "sector", "closing_count")),
            "dagster/column_schema": _column_schema(),
        }
    )


@dg.asset(group_name="ingestion", kinds={"python", "html"}, pool="raw_zone")
def portal_pages(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """Pages of the portals, fetched politely and archived before they are parsed; every fetch has an outcome."""
    urls = home.portals or [portal.base_url for portal in enabled_portals()]
    with home.writing():
        outcomes = collect_portals(
            urls,
            archive=home.archive,
            raw_zone=home.raw_zone,
            allow_private=home.allow_private,
            contact=home.settings.contact,
            progress=progress.report,
        )
    failures = [str(failure) for outcome in outcomes for failure in outcome.failures]
    for failure in failures:
        context.log.warning(failure)
    return dg.MaterializeResult(
        metadata={
            "portals": len(urls),
            "fetched": sum(outcome.pages_fetched for outcome in outcomes),
            "new": sum(outcome.pages_new for outcome in outcomes),
            "waiting": sum(outcome.articles_waiting for outcome in outcomes),
            "failed": len(failures),
            "failures": dg.MetadataValue.json(failures[:50]),
        }
    )


@dg.asset(group_name="ingestion", kinds={"python", "parquet"}, deps=[portal_pages], pool="raw_zone")
def news_claims(home: Home) -> dg.MaterializeResult[None]:
    """Articles and the claims in them, read from archived pages that the present grammar has not read yet."""
    with home.writing():
        outcome = read_pages(archive=home.archive, raw_zone=home.raw_zone, progress=progress.report)
    return dg.MaterializeResult(
        metadata={
            "articles": outcome.articles,
            "claims": outcome.claims,
            "preview": _preview(home, "news_claim", ("metric", "value", "geography", "quote")),
            "dagster/column_schema": _schema(META_TABLES["news_claim"]),
        }
    )


def _preview(home: Home, table: str, columns: tuple[str, ...]) -> dg.MetadataValue[Any]:
    """A few rows of a raw table as stored."""
    if not any((home.layout.raw / table).glob("*.parquet")):
        return dg.MetadataValue.md("no rows yet")
    rows = home.raw_zone.read(table, columns=list(columns)).slice(0, 8).to_pylist()
    head = " | ".join(columns)
    lines = [" | ".join(str(row[c]).replace("|", "/") for c in columns) for row in rows]
    return dg.MetadataValue.md(
        "\n".join([f"| {head} |", "|" + "---|" * len(columns), *(f"| {line} |" for line in lines)])
    )


def _schema(schema: pa.Schema) -> dg.TableSchema:
    return dg.TableSchema(columns=[dg.TableColumn(field.name, str(field.type)) for field in schema])


def _column_schema() -> dg.TableSchema:
    """Every column of every form, named form.column."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(f"{form.table}.{c.name}", str(c.arrow_type), f"{c.vi} / {c.en}")
            for form in load_forms().values()
            for c in form.raw_columns
        ]
    )


def _reading_metadata(reading: ReadingOutcome) -> dict[str, Any]:
    rows = "\n".join(f"| {form} | {count} |" for form, count in sorted(reading.by_form.items()))
    rejected = "\n".join(f"| {name} | {reason} |" for name, reason in reading.rejected[:50])
    return {
        "artifacts": reading.artifacts,
        "partly taken": reading.partial,
        "wholly refused": len(reading.rejected),
        "rows read": reading.rows["read"],
        "rows loaded": reading.rows["loaded"],
        "rows rejected": reading.rows["rejected"],
        "rows duplicate": reading.rows["duplicate"],
        "rows by form": dg.MetadataValue.md("| form | rows |\n|---|---|\n" + rows),
        "refused files": dg.MetadataValue.md("| file | reason |\n|---|---|\n" + rejected),
    }
