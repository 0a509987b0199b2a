"""Show where the pipeline stands: what waits, what was read, the current release and its audit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from ingestion.raw_zone import DamagedRawError, RawZone
from ingestion.submissions.corrections import CorrectionError
from ingestion.submissions.intake import pending
from ingestion.submissions.receiving import NOT_ARCHIVED
from ingestion.vietnamese.numbers import format_number
from orchestration.cli.console import err, home, out, stop_on
from orchestration.inputs import ledger_of
from orchestration.settings import Settings
from orchestration.verification import raw_damages
from warehouse.connections import NoReleaseError
from warehouse.corrections import ineffective_corrections
from warehouse.release.folders import ReleaseError, audit_of, count_releases, usable

#: Names of refused files that are shown; htx query on fct_submission lists all.
_SHOWN_NAMES = 10


def status() -> None:
    configured = home()
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    raw_zone = RawZone(configured.layout.raw)
    for damage in raw_damages(raw_zone, raw_zone.truncated(), repair=False):
        err.print(f"[yellow]{escape(f'{damage.where} {damage.what}; {damage.remedy}.')}[/yellow]", soft_wrap=True)
    with stop_on(CorrectionError, DamagedRawError, ReleaseError, NoReleaseError):
        for name, value in (*_received(configured), *_released(configured)):
            table.add_row(name, escape(value))
    out.print(table)


def _received(configured: Settings) -> Iterator[tuple[str, str]]:
    layout = configured.layout
    raw = RawZone(layout.raw)
    readings = raw.readings().values()
    refused = sorted(reading.name for reading in readings if reading.fingerprint == NOT_ARCHIVED)
    waiting = pending(raw, configured.key, ledger_of(layout))
    yield "home", str(layout.home)
    yield "files received", format_number(raw.read("_received", columns=["name"]).num_rows)
    if refused:
        more = ", ..." if len(refused) > _SHOWN_NAMES else ""
        yield "files refused", f"{format_number(len(refused))}: {', '.join(refused[:_SHOWN_NAMES])}{more}"
    yield "artifacts read", format_number(len(readings) - len(refused))
    yield "waiting", ", ".join(f"{month}: {len(files)}" for month, files in waiting.items()) or "nothing"


def _released(configured: Settings) -> Iterator[tuple[str, str]]:
    layout = configured.layout
    count = count_releases(layout)
    release = usable(layout.current)
    yield "releases", format_number(count)
    if release is None:
        yield "current", "damaged: run htx verify --repair" if count else "none yet; htx run makes one"
        return
    audit = audit_of(release)
    yield "current", release.name
    yield "audit", f"{format_number(audit['evaluated'])} checks, {format_number(audit['counts']['failed'])} anomalies"
    yield "open", str(layout.current / "marts.duckdb")
    disclosure = audit.get("disclosure")
    if disclosure:
        blank = disclosure["primary_suppressed"] + disclosure["secondary_suppressed"]
        yield (
            "public",
            (
                f"{layout.public / 'marts.duckdb'}: no count below {disclosure['k_reached']} persons, "
                f"{format_number(blank)} cells blank, {format_number(disclosure['tables_withheld'])} tables withheld"
            ),
        )
    for file, cell, advice in ineffective_corrections(layout):
        yield "corrections.csv", f"{file} {cell}: {advice}"
