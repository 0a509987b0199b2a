"""Remove old releases: those of the last month stay, then the last of each month, and every release that is cited.

How much is kept is configured: HTX_KEEP_DAYS, HTX_KEEP_MONTHS, HTX_KEEP_RUN_DAYS (records of Dagster). A release is
cited if its name (2021.12.05-1) is in HTX_HOME/citations.csv (any text; one release a line with the reason is enough),
the corrections, receipts, exports or Data Docs, the notes and overrides of the audit, or a file below HTX_CITED_IN.
What `current` points to, and the release before it, always stay.

Archive and raw rows are never removed: many small raw files become few with the same rows.

Readers that have a removed release open keep it until they close it. --dry-run shows the same table, removes nothing.

Exit 0: done. 2: another run is writing, or a place of HTX_CITED_IN cannot be read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ingestion.vietnamese.numbers import format_number
from orchestration import progress
from orchestration.cli.bars import Bars
from orchestration.cli.console import home, out, stop_on
from orchestration.instance import existing_instance
from orchestration.lock import BusyError
from orchestration.pruning import Pruned, described
from orchestration.pruning import prune as prune_home
from warehouse.layout import Layout
from warehouse.release import ReleaseError


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, remove nothing.")] = False,
) -> None:
    configured = home(writes=not dry_run)
    layout = configured.layout
    with (
        stop_on(BusyError, ReleaseError, FileNotFoundError),
        Bars() as bars,
        progress.listening(bars.report),
        existing_instance(layout) as instance,
    ):
        pruned = prune_home(configured, instance, dry_run=dry_run)
    out.print(_table(pruned, layout, dry_run=dry_run))
    for name in pruned.releases.missing:
        out.print(f"[yellow]{escape(name)}[/yellow] is in {layout.citations}, but there is no such release.")
    for note in pruned.notes:
        out.print(f"[yellow]{escape(note)}[/yellow]", soft_wrap=True)


def _table(pruned: Pruned, layout: Layout, *, dry_run: bool) -> Table:
    releases, would = pruned.releases, "would be " if dry_run else ""
    table = Table(header_style="bold")
    table.add_column("what")
    table.add_column("number", justify="right")
    table.add_column("which", overflow="fold")
    for reason, names in sorted(releases.by_reason().items(), key=lambda item: -len(item[1])):
        table.add_row(f"  {escape(described(layout, reason))}", format_number(len(names)), _range(names))
    table.add_section()
    kept = len(releases.verdicts) - len(releases.removed)
    table.add_row("releases kept", format_number(kept), f"{_megabytes(releases.kept.bytes)} on disk")
    freed = f"{_range(releases.removed)}, {_megabytes(releases.freed.bytes)} {would}freed" if releases.removed else ""
    table.add_row(f"releases {would}removed", format_number(len(releases.removed)), freed)
    table.add_row(
        f"raw batches {would}compacted",
        format_number(pruned.raw.batches),
        f"{format_number(pruned.raw.files_before)} → {format_number(pruned.raw.files_after)} files, the same rows",
    )
    freed = f"{_megabytes(pruned.runs.freed_bytes)} freed, " if pruned.runs.freed_bytes else ""
    table.add_row(
        f"runs of Dagster {would}deleted",
        format_number(pruned.runs.removed),
        f"{freed}{format_number(pruned.runs.kept)} kept",
    )
    return table


def _range(names: list[str] | tuple[str, ...]) -> str:
    return " … ".join(dict.fromkeys((names[0], names[-1]))) if names else ""


def _megabytes(count: int) -> str:
    return f"{format_number(Decimal(count // 100_000) / 10)} MB"
