"""Remove old releases: those of the last month stay, then the last of each month, and every release that is cited.

How much is kept is configured: HTX_KEEP_DAYS, HTX_KEEP_MONTHS. A release is cited if its name (2021.12.05-1) is in
HTX_HOME/citations.csv (any text; one release a line with the reason is enough), the corrections, receipts, exports or
Data Docs, the notes and overrides of the audit, or a file below HTX_CITED_IN. What `current` points to, and the release
before it, always stay. Archive and raw rows are never removed.

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
from orchestration.cli.console import out, settings, stop_on
from orchestration.lock import BusyError
from orchestration.pruning import PrunedReleases, described, prune_releases
from warehouse.layout import Layout
from warehouse.release import ReleaseError


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, remove nothing.")] = False,
) -> None:
    configured = settings()
    with stop_on(BusyError, ReleaseError, FileNotFoundError), Bars() as bars, progress.listening(bars.report):
        pruned = prune_releases(configured, dry_run=dry_run)
    out.print(_table(pruned, configured.layout, dry_run=dry_run))
    for name in pruned.missing:
        out.print(f"[yellow]{escape(name)}[/yellow] is in {configured.layout.citations}, but there is no such release.")


def _table(pruned: PrunedReleases, layout: Layout, *, dry_run: bool) -> Table:
    table = Table(header_style="bold")
    table.add_column("releases")
    table.add_column("number", justify="right")
    table.add_column("which", overflow="fold")
    for reason, names in sorted(pruned.by_reason().items(), key=lambda item: -len(item[1])):
        table.add_row(f"kept: {escape(described(layout, reason))}", format_number(len(names)), _range(names))
    kept = [verdict.name for verdict in pruned.verdicts if verdict.reasons]
    table.add_section()
    table.add_row("kept", format_number(len(kept)), f"{_megabytes(pruned.kept.bytes)} on disk")
    removed = "would be removed" if dry_run else "removed"
    freed = f", {_megabytes(pruned.freed.bytes)} freed" if pruned.removed else ""
    table.add_row(removed, format_number(len(pruned.removed)), f"{_range(pruned.removed)}{freed}")
    return table


def _range(names: list[str] | tuple[str, ...]) -> str:
    return " … ".join(dict.fromkeys((names[0], names[-1]))) if names else ""


def _megabytes(count: int) -> str:
    return f"{format_number(Decimal(count // 100_000) / 10)} MB"
